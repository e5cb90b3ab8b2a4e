import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { factsOf } from "./pages.ts";

/** Resolutions, letters, minutes, magazines and notices as town halls print them: an invented town, true forms. */
interface Form {
  readonly what: string;
  readonly pages: readonly string[];
  readonly number: string | null;
  readonly date: string | null;
}

const form = (what: string, page: string | readonly string[], number: string | null, date: string | null): Form => ({
  what,
  pages: typeof page === "string" ? [page] : page,
  number,
  date,
});

const HEAD = `COMMUNE DE PORT-KERELEC
EXTRAIT DU REGISTRE DES DÉLIBÉRATIONS DU CONSEIL MUNICIPAL`;
const COUNCIL = `Nombre de membres en exercice : 15 - présents : 12 - votants : 14
Date de convocation : 5 mars 2031`;
const OPENING = `L'an deux mille trente et un, le douze mars à dix-huit heures trente, le conseil municipal, légalement convoqué le 5 mars 2031,
s'est réuni en séance ordinaire, sous la présidence de Mme Anne LE GOFF, maire.`;
const DECIDED = `Vu le code général des collectivités territoriales,
Vu la délibération n° 2030-101 du 4 décembre 2030 fixant les tarifs,
Le conseil municipal, après en avoir délibéré, à l'unanimité, approuve les tarifs à compter du 1er avril 2031.
Ainsi fait et délibéré les jour, mois et an que dessus.`;
const resolution = (title: string, { head = HEAD, opening = OPENING } = {}): string =>
  `${head}\n${COUNCIL}\n${opening}\n${title}\n${DECIDED}`;

const RESOLUTIONS: readonly Form[] = [
  form("year, month and number", resolution("Délibération n° 2031-03-12\nTarifs du camping"), "2031-03-12", "2031-03-12"),
  form("letters without a sign", resolution("DEL 2031-024\nObjet : Tarifs du camping"), "DEL2031-024", "2031-03-12"),
  form("a plain number on a line of its own", resolution("N° 4\nObjet : Tarifs du camping"), "4", "2031-03-12"),
  form("a plain number before its subject", resolution("N° 3 - Objet : Tarifs du camping"), "3", "2031-03-12"),
  form("underscores", resolution("2031_05_06\nTarifs du camping"), "2031_05_06", "2031-03-12"),
  form("a letter and the year", resolution("D2031-11\nTarifs du camping"), "D2031-11", "2031-03-12"),
  form("a number before its title", resolution("034-31 : Tarifs du camping"), "034-31", "2031-03-12"),
  form("year and number before its title", resolution("2031-034 : Tarifs du camping"), "2031-034", "2031-03-12"),
  form("year, number and a long dash before its title", resolution("2031-034 – Tarifs du camping"), "2031-034", "2031-03-12"),
  form("title on the line of its number", resolution("Délibération n° 2031-034 : Tarifs du camping municipal"), "2031-034", "2031-03-12"),
  form("no sign", resolution("Délibération 2031-034\nTarifs du camping"), "2031-034", "2031-03-12"),
  form("a number and its day", resolution("Délibération n° 2031/034 du 12 mars 2031"), "2031/034", "2031-03-12"),
  form("the letters DCM", resolution("DCM n° 2031-034\nTarifs du camping"), "2031-034", "2031-03-12"),
  form("its number above all", resolution("Tarifs du camping", { head: `N° 2031-034\n${HEAD}` }), "2031-034", "2031-03-12"),
  form("an O and an l in its number", resolution("Délibération n°2O31-0l4"), "2031-014", "2031-03-12"),
  form("no number but those it cites", resolution("Tarifs du camping"), null, "2031-03-12"),
  form(
    "its day in figures",
    resolution("Délibération n° 2031-034", { opening: "Le 12 mars 2031 à 18 h 30, le conseil municipal s'est réuni en mairie." }),
    "2031-034",
    "2031-03-12",
  ),
  form(
    "its day of the week",
    resolution("Délibération n° 2031-034", {
      opening: "Le mercredi douze mars deux mil trente et un, à vingt heures, le Conseil municipal s’est réuni.",
    }),
    "2031-034",
    "2031-03-12",
  ),
  form(
    "hyphens in all its words",
    resolution("Délibération n° 2031-034", {
      opening: "L'an deux-mille-trente-et-un, le douze mars, le conseil municipal s'est assemblé.",
    }),
    "2031-034",
    "2031-03-12",
  ),
  form(
    "its year in figures",
    resolution("Délibération n° 2031-034", { opening: "L'an 2031 et le 12 mars à 18h30, le conseil municipal s'est réuni." }),
    "2031-034",
    "2031-03-12",
  ),
  form(
    "its session in the head",
    resolution("Délibération n° 2031-034", { head: `${HEAD}\nSéance du mercredi 12 mars 2031`, opening: "Étaient présents : tous" }),
    "2031-034",
    "2031-03-12",
  ),
  form(
    "its session as a field",
    resolution("Délibération n° 2031-034", { head: `${HEAD}\nDate de la séance : 12/03/2031`, opening: "Étaient présents : tous" }),
    "2031-034",
    "2031-03-12",
  ),
  form(
    "only a stamp that tells its number and its day",
    `Envoyé en préfecture le 14/03/2031\nReçu en préfecture le 14/03/2031\nID : 029-999999999-20310312-DE2031_034-DE\n${HEAD}\nTarifs du camping`,
    "2031-034",
    "2031-03-12",
  ),
  form(
    "only a stamp that was typed without its dash",
    `ID : 029-999999999-20310312-03431-DE\n${HEAD}\nTarifs du camping`,
    "034-31",
    "2031-03-12",
  ),
];

const LETTERS: readonly Form[] = [
  form(
    "a letter that calls a session",
    "MAIRIE DE PORT-KERELEC\nPort-Kerelec, le 5 mars 2031\nObjet : Convocation du conseil municipal\nMadame, Monsieur,\nJ'ai l'honneur de vous inviter à la séance du conseil municipal du mercredi 12 mars 2031 à 18h30.",
    null,
    "2031-03-05",
  ),
  form(
    "a letter that calls a session, signed below",
    "CONVOCATION\nLe conseil municipal se réunira en mairie le mercredi 12 mars 2031 à 18h30.\nFait à Port-Kerelec, le 5 mars 2031\nLe maire,",
    null,
    "2031-03-05",
  ),
  form(
    "a letter with references",
    "Port-Kerelec, le 5 mars 2031\nN/Réf : DG/AB/2031-012\nObjet : Convocation à la commission du port\nVous êtes convoqué le 12 mars 2031.",
    "DG/AB/2031-012",
    "2031-03-05",
  ),
  form(
    "a letter with “nos réf.”",
    "Port-Kerelec, le 5 mars 2031\nNos réf. : 2031-118/AB\nObjet : Convocation du conseil municipal\nJ'ai l'honneur de vous convoquer.",
    "2031-118/AB",
    "2031-03-05",
  ),
  form("an agenda", "CONSEIL MUNICIPAL\nMercredi 12 mars 2031 à 18h30\nORDRE DU JOUR\nN° 1 - Budget\nN° 2 - Tarifs", null, null),
  form(
    "minutes with several points",
    [
      "PROCÈS-VERBAL\nDU CONSEIL MUNICIPAL DU 12 MARS 2031\nLe douze mars deux mille trente et un, le conseil municipal s'est réuni.\nApprobation du procès-verbal du 4 février 2031",
      "Délibération n° 2031-012 : Budget\nVote : unanimité\nDélibération n° 2031-013 : Tarifs\nVu la délibération n° 2030-101 du 4 décembre 2030,",
    ],
    null,
    "2031-03-12",
  ),
  form(
    "minutes with the session under the title",
    "COMPTE-RENDU\nSéance du 12 mars 2031\nLe compte-rendu du 4 février 2031 est approuvé.\nN° 1 - Budget",
    null,
    "2031-03-12",
  ),
  form(
    "a list of resolutions",
    "LISTE DES DÉLIBÉRATIONS\nConseil municipal du 12 mars 2031\n2031-012 : Budget\n2031-013 : Tarifs",
    null,
    "2031-03-12",
  ),
  form(
    "an account of a meeting",
    "Compte rendu de la réunion publique du 3 mars 2031\nLe projet du port sera présenté le 12 avril 2031.",
    null,
    "2031-03-03",
  ),
];

const NOTICES: readonly Form[] = [
  form(
    "a notice of a public inquiry",
    "COMMUNE DE PORT-KERELEC\nAVIS D'ENQUÊTE PUBLIQUE\nPar arrêté municipal n° U2031-118 du 2 avril 2031, le maire a ordonné l'ouverture de l'enquête\ndu 5 mai 2031 au 5 juin 2031 inclus.",
    null,
    null,
  ),
  form(
    "a notice with its own day",
    "AVIS À LA POPULATION\nCoupure d'eau le 12 mars 2031, quai Neuf.\nPort-Kerelec, le 5 mars 2031\nLe maire",
    null,
    "2031-03-05",
  ),
  form(
    "an alert of the prefecture",
    "ALERTE MÉTÉOROLOGIQUE\nVigilance orange du 3 mars à 18 heures au 4 mars 2031\nFait à Port-Ponant, le 3 mars 2031",
    null,
    "2031-03-03",
  ),
  form("a magazine", "BULLETIN MUNICIPAL\nDE PORT-KERELEC\nn° 47\nMars 2031\nÉdito du maire", "47", "2031-03"),
  form("a magazine with its number in the title", "Bulletin municipal n°47 - Mars 2031\nLe budget 2031\nP. 4", "47", "2031-03"),
  form("a magazine of a season", "Le magazine de la commune de Port-Kerelec\nN°47 / hiver 2031\nDossier : le port P. 6", "47", null),
  form(
    "a magazine whose month is in capitals",
    "GWEZ NEVEZ\nJOURNAL D'INFORMATIONS MUNICIPALES\nNuméro 47 – JUILLET 2031",
    "47",
    "2031-07",
  ),
  form(
    "a magazine whose number runs under its pages",
    ["Port-Kerelec\nVivre ici\nBulletin municipal", "Gwez Nevez N°47 / mars 2031\t2\nÉdito", "3\tmars 2031 / Gwez Nevez N°47\nLes travaux"],
    "47",
    "2031-03",
  ),
  form(
    "a report with its number on each page",
    [
      "Dossier n° E31000087/29\nRAPPORT\nDU COMMISSAIRE ENQUÊTEUR\nEnquête publique du 5 mai au 5 juin 2031",
      "Dossier E31000087/29 - page 2\nLe projet est utile.",
      "Dossier E31000087/29 - page 3\nFait à Port-Kerelec, le 3 juillet 2031\nLe commissaire enquêteur",
    ],
    "E31000087/29",
    "2031-07-03",
  ),
  form("a form of the state", "cerfa\nN° 14999*04\nDEMANDE D'AUTORISATION\nCe formulaire est à remettre en mairie", "14999*04", null),
  form(
    "a form of the town",
    "DEMANDE D’AUTORISATION DE BUVETTE\nJe soussigné ..........\nFait à Port-Kerelec, le ..../..../2031",
    null,
    null,
  ),
  form("a programme", "FÊTE DU PORT\nProgramme du 12 au 14 mars 2031\nN° de téléphone : 02 98 00 00 00", null, null),
  form(
    "an annex of a resolution",
    "Annexe n° 2 à la délibération n° 2031-034 du 12 mars 2031\nTarifs du camping",
    "2031-034",
    "2031-03-12",
  ),
  form("an annex of an order", "ANNEXE\nà l'arrêté préfectoral n° 2031-118 du 4 mars 2031\nTableau des voies", "2031-118", "2031-03-04"),
  form("a plan", "COMMUNE DE PORT-KERELEC\nPlan de situation\nParcelle n° 112 - Echelle 1/2000\nMars 2031", null, "2031-03"),
];

const GROUPS: readonly (readonly [name: string, forms: readonly Form[]])[] = [
  ["number and day of a resolution", RESOLUTIONS],
  ["number and day of letters and minutes", LETTERS],
  ["number and day of notices, magazines, reports and forms", NOTICES],
];

for (const [name, forms] of GROUPS) {
  describe(name, () => {
    for (const { what, pages, number, date } of forms) {
      it(`are read where there is ${what}`, () => {
        const facts = factsOf(...pages);
        assert.deepEqual([facts.number?.value ?? null, facts.date?.value ?? null], [number, date]);
      });
    }
  });
}
