import type { CharterAnswer } from "../contributions/verdict.ts";
import { lexiconOf } from "./words.ts";

/**
 * What the practice model can recognise in a contribution. Lists are short and mild on purpose: it is for exercises,
 * it does not know slurs, and a real contribution is for a real model and a person.
 */
export type Sign =
  /** Said of a person whatever stands around it. */
  | "insult"
  /** An insult only when a person stands beside it: "la route est pourrie" is about a road. */
  | "harsh"
  | "person"
  | "discrimination"
  | "promotion"
  | "elsewhere"
  | "here"
  | "lie"
  /** Irony and insinuation: nothing to reject, nothing to approve unread. */
  | "insinuation"
  /** Words that speak to the checker and not to the town. */
  | "instruction";

export const SIGNS = lexiconOf<Sign>([
  [
    "insult",
    "idiot, idiote, imbécile, crétin, crétine, abruti, abrutie, connard, connasse, salaud, incompétent, incompétente, menteur, menteuse, voleur, voleuse, escroc, crapule, bouffon, guignol, bande d'incapables, bon à rien, bons à rien, fainéant, feignant, magouilleur, tous pourris, ta gueule, vos gueules, dégagez, trou du cul, parasites",
  ],
  [
    "harsh",
    "pourri, pourrie, nul, nulle, minable, lamentable, stupide, ridicule, ordure, incapable, lâche, malhonnête, corrompu, corrompue, honte, virés, irresponsable, débile, fou, folle, clown, sale",
  ],
  [
    "person",
    "maire, élu, élue, élus, conseiller, conseillère, adjoint, adjointe, vous, ils, elles, monsieur, madame, équipe municipale, voisin, voisine, agent, gens, habitant, touriste, parisien, jeunes, vieux, directeur, directrice, président, présidente",
  ],
  [
    "discrimination",
    "sales étrangers, sale étranger, rentrez chez vous, retournez chez vous, retournez dans votre pays, dehors les étrangers, pas de ces gens-là, ces gens-là n'ont rien à faire ici, pas d'étrangers, place à la cuisine, race inférieure",
  ],
  [
    "promotion",
    "cliquez, cliquez ici, code promo, promo, promotion exceptionnelle, offre spéciale, offre exceptionnelle, offre limitée, livraison gratuite, livraison offerte, devis gratuit, meilleurs prix, prix cassés, achetez, commandez, soldes, remise, bitcoin, cryptomonnaie, casino en ligne, gagnez de l'argent, satisfait ou remboursé, sans engagement, profitez, profitez-en, abonnez-vous",
  ],
  [
    "elsewhere",
    "Paris, Marseille, Lyon, Toulouse, Bordeaux, Nice, New York, Berlin, Londres, Assemblée nationale, Élysée, gouvernement, ministre, présidentielle, président de la République, coupe du monde, ligue des champions, Union européenne, Mercosur, série télé, film américain",
  ],
  [
    "here",
    "Audierne, Esquibien, Port-Kerelec, Cap Sizun, commune, communal, communale, municipal, municipale, municipalité, mairie, bourg, village, notre ville, quartier, ici, chez nous, nos rues, conseil municipal",
  ],
  [
    "lie",
    "mensonge, mentez, ment, mentent, on nous ment, on nous cache, chiffres truqués, chiffres faux, faux chiffres, chiffres sont faux, chiffres sont truqués, truqué, truqués, détournement, détourné, pots-de-vin, complot, scandale caché, preuve cachée",
  ],
  [
    "insinuation",
    "on peut se demander si, on ne peut s'empêcher, ont-ils vraiment, ont-ils réellement, ont vraiment, à qui profite, chacun sait, tout le monde sait, bien sûr, soi-disant, comme par hasard, petits arrangements, sont censés, encore timide, plutôt que de se soucier",
  ],
  [
    "instruction",
    "ignore les instructions, ignorez les instructions, ignore tes instructions, is_valid, réponds uniquement, répondez uniquement, tu es un modèle, system prompt, ignore previous instructions",
  ],
]);

export type Encouraged = CharterAnswer["encouraged_aspects"][number];

export const ENCOURAGED_CUES = lexiconOf<Encouraged>([
  [
    "proposition-concrete",
    "je propose, nous proposons, proposons, on pourrait, nous pourrions, il faudrait, créer, créez, installer, installez, mettre en place, aménager, aménagez, organiser, construire, ouvrir, planter, prévoir, prévoyez, reconvertir, développer",
  ],
  [
    "critique-constructive",
    "manque, manquent, problème, difficulté, difficile, dangereux, dangereuse, saturé, saturée, insuffisant, insuffisante, plein, vétuste, dégradé, dégradée",
  ],
  ["question", "pourquoi, comment faire, est-ce que, serait-il possible, pouvez-vous, pourriez-vous, quand est-ce"],
  [
    "partage-experience",
    "j'habite, nous habitons, j'ai constaté, j'ai vu, mon expérience, en tant que, je travaille, mes enfants, nous avons vécu, depuis des années, je suis parent, je suis bénévole",
  ],
  [
    "suggestion-amelioration",
    "améliorer, améliorez, amélioration, renforcer, renforcerait, rénover, faciliter, permettrait, suggère, pourquoi ne pas, serait utile, serait bien, remplacer, réparer, optimiser",
  ],
]);
