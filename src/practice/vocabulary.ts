import type { Category } from "../contributions/categories.ts";
import { type Hit, hitsIn, type Lexicon, lexiconOf, type Word } from "./words.ts";

/** A subject the practice model can recognise: its title is ours, its words must stand in the text. */
export interface Topic {
  readonly category: Category;
  readonly title: string;
}

const topic = (category: Category, title: string, terms: string): readonly [Topic, string] => [{ category, title }, terms];

/**
 * Words by subject. Singular forms: plurals in s and x are folded with accents. A term stands in one list only.
 *
 * Roads and parking are put under `logement`, as the platform counts town planning there and has no category of its own for them.
 */
const TOPICS: Lexicon<Topic> = lexiconOf([
  topic(
    "economie",
    "Port et pêche",
    "port, avant-port, pêche, pêcheur, pêcheur professionnel, criée, cale, mouillage, plaisance, plaisancier, ponton, bateau, navire, môle, capitainerie, chenal, halieutique, coquillage",
  ),
  topic(
    "economie",
    "Tourisme",
    "tourisme, touristique, touriste, office de tourisme, visiteur, camping, hôtel, gîte, estivant, saison estivale",
  ),
  topic(
    "economie",
    "Commerces et marché",
    "commerce, commerçant, commercial, marché, marché hebdomadaire, boutique, halles, terrasse, droit de place, buvette, déballeur, artisan, vente",
  ),
  topic(
    "economie",
    "Emploi et entreprises",
    "emploi, entreprise, recrutement, chômage, salarié, zone d'activité, économie, économique, développement économique",
  ),
  topic(
    "economie",
    "Finances communales",
    "budget, budgétaire, subvention, investissement, emprunt, fiscalité, impôt, taxe, recette, dépense, financement, plan de financement, tarif, marché public, autofinancement, finance",
  ),
  topic(
    "logement",
    "Logement et habitat",
    "logement, logement social, habitat, loyer, locataire, résidence secondaire, résidence principale, bailleur, HLM, immobilier, appartement, location saisonnière, meublé, propriétaire, logement vacant",
  ),
  topic(
    "logement",
    "Urbanisme",
    "urbanisme, plan local d'urbanisme, PLU, PLUi, permis de construire, déclaration préalable, lotissement, zonage, constructible, inconstructible, parcelle, foncier, cadastre, zone urbaine",
  ),
  topic(
    "logement",
    "Voirie, circulation et stationnement",
    "voirie, circulation, stationnement, parking, chaussée, trottoir, route, nid-de-poule, véhicule, déviation, piéton, carrefour, signalisation, rond-point, passage piéton, se garer",
  ),
  topic(
    "culture",
    "Patrimoine et histoire",
    "patrimoine, chapelle, église, monument, monument historique, musée, histoire, historique, archives, breton, bretonne, langue bretonne, moulin, calvaire",
  ),
  topic(
    "culture",
    "Fêtes et événements",
    "fête, festival, festivité, événement, manifestation, feu d'artifice, concert, spectacle, fest-noz, pardon, carnaval, kermesse, fête du port",
  ),
  topic(
    "culture",
    "Arts et lecture",
    "théâtre, cinéma, bibliothèque, médiathèque, exposition, musique, chorale, artiste, lecture, danse, culture, culturel, culturelle, atelier d'écriture",
  ),
  topic(
    "ecologie",
    "Déchets et propreté",
    "déchet, tri, recyclage, propreté, collecte, déchèterie, déchetterie, poubelle, conteneur, compost, compostage, composteur, ordure ménagère, encombrant",
  ),
  topic(
    "ecologie",
    "Énergie et climat",
    "énergie, énergétique, chaufferie, isolation, photovoltaïque, panneau solaire, éolienne, climat, climatique, carbone, chauffage, éclairage public, kWh, rénovation énergétique, piste cyclable, vélo",
  ),
  topic(
    "ecologie",
    "Eau et littoral",
    "eau, eau potable, littoral, plage, baignade, dune, assainissement, sécheresse, inondation, submersion, rivière, érosion, estuaire, algue, cours d'eau",
  ),
  topic(
    "ecologie",
    "Nature et biodiversité",
    "biodiversité, arbre, faune, flore, espèce, oiseau, frelon, haie, espace vert, jardin, plantation, zone humide, environnement, nature, pollution, pesticide, écologie, écologique, sentier",
  ),
  topic(
    "associations",
    "Vie associative",
    "association, associatif, associative, vie associative, bénévole, bénévolat, adhérent, club, comité des fêtes, amicale",
  ),
  topic(
    "associations",
    "Sport",
    "sport, sportif, sportive, football, tennis, gymnase, stade, école de voile, voile légère, nautisme, entraînement, club de sport",
  ),
  topic(
    "jeunesse",
    "École et vie scolaire",
    "école, scolaire, élève, enseignant, classe, groupe scolaire, restaurant scolaire, cantine, collège, lycée, parent d'élève, maternelle, rentrée, périscolaire",
  ),
  topic(
    "jeunesse",
    "Enfance et jeunesse",
    "enfant, enfance, petite enfance, jeune, jeunesse, crèche, centre de loisirs, accueil de loisirs, adolescent, assistante maternelle, aire de jeux, skatepark, garderie",
  ),
  topic(
    "alimentation-bien-etre-soins",
    "Santé et soins",
    "santé, médecin, médical, médicale, maison de santé, infirmier, infirmière, pharmacie, soin, hôpital, EHPAD, personne âgée, aîné, senior, CCAS, handicap, vaccination, don du sang, cabinet médical",
  ),
  topic(
    "alimentation-bien-etre-soins",
    "Alimentation et bien-être",
    "alimentation, alimentaire, repas, circuit court, produit local, maraîcher, maraîchère, bien-être, nutrition, épicerie, AMAP, restauration collective",
  ),
]);

/** The subjects' terms in a text. "Port-Kerelec" is a town's name and no port. */
export function topicsIn(text: string, words: readonly Word[]): Hit<Topic>[] {
  return hitsIn(words, TOPICS).filter(({ last }) => {
    const end = words[last]?.end ?? 0;
    return !/^-\p{L}/u.test(text.slice(end, end + 3));
  });
}
