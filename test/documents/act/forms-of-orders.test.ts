import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { factsOf } from "./pages.ts";

/** Orders as town halls and prefectures print them: an invented town, true forms. */
interface Form {
  readonly what: string;
  readonly pages: readonly string[];
  readonly number: string | null;
  readonly date: string | null;
}

const RECITALS = `Le maire de la commune de Port-Kerelec,
Vu le code général des collectivités territoriales, notamment ses articles L. 2212-1 et L. 2213-1,
Vu l'arrêté du maire n° PM2029-117 du 3 mars 2029 portant règlement du marché,
Vu la demande du comité des fêtes reçue le 4 janvier 2031,
Considérant que la fête du port aura lieu du 12 au 14 mars 2031,
ARRÊTE
Article 1 : Le stationnement est interdit du 12 au 14 mars 2031, place du Lavoir.
Article 2 : L'arrêté n° PM2030-009 du 2 février 2030 est abrogé.`;
const PREFET = `LE PRÉFET DU PONANT
Officier de l'ordre national du Mérite
VU le code de l'environnement ;
VU l'arrêté préfectoral n° 2019-0457 du 8 avril 2029 ;
CONSIDÉRANT la sécheresse constatée le 2 mars 2031 ;
ARRÊTE
ARTICLE 1er : Les prélèvements sont limités jusqu'au 30 septembre 2031.`;
const SIGNED = "Port-Kerelec, le 18 février 2031\nLe maire,\nAnne LE GOFF";
const STAMP = `Envoyé en préfecture le 20/02/2031
Reçu en préfecture le 21/02/2031
Publié le 22/02/2031
ID : 029-999999999-20310218-PM2031_042-AR`;

const order = (head: string, foot = SIGNED): readonly string[] => [`${head}\n${RECITALS}\n${foot}`];
const prefect = (head: string, foot = ""): readonly string[] => [`${head}\n${PREFET}\n${foot}`];
const form = (what: string, pages: readonly string[], number: string | null, date: string | null = "2031-02-18"): Form => ({
  what,
  pages,
  number,
  date,
});

const NUMBERS: readonly Form[] = [
  form("letters and year in one word", order("ARRÊTÉ\nN° PM2031-042\nportant interdiction"), "PM2031-042"),
  form("a year and a slash", order("ARRÊTÉ MUNICIPAL N° 2031/12"), "2031/12"),
  form("no space after the sign, and a title after it", order("Arrêté n°2031-033 portant réglementation du stationnement"), "2031-033"),
  form("underscores, which are as printed", order("ARRETE DU MAIRE\nAR_2031_015\nRéglementation de la circulation"), "AR_2031_015"),
  form("two figures of the year, on its own line", order("VILLE DE PORT-KERELEC\nARRÊTÉ\nN° 31-112"), "31-112"),
  form("a service at its end", order("Arrêté temporaire n° 2031-45-ST"), "2031-45-ST"),
  form("a service before it", order("Arrêté municipal n° ST/2031/045"), "ST/2031/045"),
  form("an article of the police before it", order("ARRÊTÉ DE VOIRIE N° 2031-118\nPORTANT PERMISSION DE VOIRIE"), "2031-118"),
  form("the words of what it is about before it", order("ARRÊTÉ PORTANT RÉGLEMENTATION DE LA CIRCULATION N° 2031-118"), "2031-118"),
  form("“no” with a small raised o", order("Arrêté municipal nº 2031-77"), "2031-77"),
  form("the sign in capitals, with a colon", order("ARRÊTÉ MUNICIPAL\nNUMÉRO : 2031-77"), "2031-77"),
  form("a plain number", order("ARRÊTÉ DU MAIRE N° 87"), "87"),
  form("a number with its year behind a slash", order("ARRÊTÉ N° 87/2031"), "87/2031"),
  form("a letter at its end", order("Arrêté du maire n° PM2031-042B"), "PM2031-042B"),
  form("“bis” at its end", order("Arrêté du maire n° PM2031-042 bis"), "PM2031-042bis"),
  form("a letter and full stops", order("ARRÊTÉ N° A.2031.042"), "A.2031.042"),
  form("a permanent order", order("Arrêté permanent n° P-PM2031-003"), "P-PM2031-003"),
  form("its reference in the corner", order("Réf. : PM/2031/042\nARRÊTÉ MUNICIPAL\nportant interdiction"), "PM/2031/042"),
  form("the number above the word", order("N° PM2031-042\nARRÊTÉ DU MAIRE"), "PM2031-042"),
  form("the number above the word, with the word in it", order("ARR2031-042\nARRÊTÉ DU MAIRE"), "ARR2031-042"),
  form(
    "three lines of title before the number",
    order("ARRÊTÉ\nportant autorisation\nd'occuper le domaine public\nn° ODP2031-011"),
    "ODP2031-011",
  ),
  form("the number and its day in one title", order("ARRÊTÉ MUNICIPAL N° 2031-12 DU 18 FÉVRIER 2031", ""), "2031-12"),
  form("a decision of the mayor", order("DÉCISION DU MAIRE\nDécision n° 2031-08"), "2031-08"),
  form("a decision taken by delegation", order("DÉCISION N° DEC2031-08\nprise par délégation du conseil municipal"), "DEC2031-08"),
  form("none in the title, one in the stamp", [`${STAMP}\nARRÊTÉ DU MAIRE\n${RECITALS}\n${SIGNED}`], "PM2031-042"),
  form("none at all", order("ARRÊTÉ DU MAIRE\nportant interdiction"), null),
  form("an order that changes another", order("ARRÊTÉ\nmodifiant l'arrêté n° PM2030-004 du 5 mai 2030"), null),
  form("its own before the one it changes", order("ARRÊTÉ N° PM2031-042\nmodifiant l'arrêté n° PM2030-004"), "PM2031-042"),
];

const NOISE: readonly Form[] = [
  form("an O for a nought and an l for a one", order("ARRÊTÉ N°2O31-0l4"), "2031-014"),
  form("gaps around the dash", order("Arrêté du maire n° PM 2031 - 042"), "PM2031-042"),
  form("a gap in the letters", order("Arrêté du maire n° P M2031-042"), "PM2031-042"),
  form("a broken line after the sign", order("Arrêté du maire n°\nPM2031-042"), "PM2031-042"),
  form("a broken line before the sign", order("Arrêté du maire\nn° PM2031-042"), "PM2031-042"),
  form("a degree read as an asterisk, a quotation mark, a nought", order("Arrêté du maire n* PM2031-042"), "PM2031-042"),
  form("a sign read as “ne”", order("Arrêté du maire ne PM2031-042"), "PM2031-042"),
  form("a sign read as “n?”", order("Arrêté du maire n? PM2031-042"), "PM2031-042"),
  form("a sign without its mark", order("Arrêté du maire n PM2031-042"), "PM2031-042"),
  form("a title without its accents and with a wrong letter", order("Arrèté du maire n° PM2031-042"), "PM2031-042"),
  form("a title broken by a crest", order("VILLE DE .,; Arrêté du ma ire n° PM2031-042"), "PM2031-042"),
  form("an S for a five", order("Arrêté du maire n° PM203S-042"), "PM2035-042"),
  form("specks before it", order("‘, , \\ PORT ”“\n.,— e Arrêté du maire n° PM2031-042 |"), "PM2031-042"),
  form("a long dash", order("Arrêté du maire n° PM2031—042"), "PM2031-042"),
  form("a sign read as “n9”", order("Arrêté du maire n9 PM2031-042"), "PM2031-042"),
  form("a gap lost in the title", order("Arrêtédu maire n° PM2031-042"), "PM2031-042"),
  form("the number on the title's line, before it", order("e- PM2031-042 Arrêté du maire n°\nportant interdiction"), "PM2031-042"),
  form("a dash read as a tilde", order("Arrêté du maire n° PM2031~042"), "PM2031-042"),
  form("a dash that was lost", order("Arrêté du maire n° PM2031 042"), "PM2031-042"),
  form("a full stop for the dash", order("Arrêté du maire n° PM2031.042"), "PM2031.042"),
];

const DATES: readonly Form[] = [
  form("“Fait à” with a misread “le”", order("ARRÊTÉ N° 2031-12", "Fait à Port-Kerelec, te 18 février 2031"), "2031-12"),
  form("an l in the year and no accent", order("ARRÊTÉ N° 2031-12", "Fait à Port-Kerelec,\nLe 18 fevrier 203l"), "2031-12"),
  form("an l in the day", order("ARRÊTÉ N° 2031-12", "Fait à Port-Kerelec, le l8 février 2031"), "2031-12"),
  form("slashes", order("ARRÊTÉ N° 2031-12", "Fait à Port-Kerelec, le 18/02/2031"), "2031-12"),
  form("full stops", order("ARRÊTÉ N° 2031-12", "Fait à Port-Kerelec le 18.02.2031"), "2031-12"),
  form("“en mairie”", order("ARRÊTÉ N° 2031-12", "Fait en mairie de Port-Kerelec, le 18 février 2031"), "2031-12"),
  form("“le” on the next line", order("ARRÊTÉ N° 2031-12", "Fait à PORT-KERELEC\nle 18 février 2031\nLe maire"), "2031-12"),
  form("no gaps", order("ARRÊTÉ N° 2031-12", "Port-Kerelec,le18février2031"), "2031-12"),
  form("no gap before the year", order("ARRÊTÉ N° 2031-12", "Port-Kerelec, le 18 février2031"), "2031-12"),
  form("the mayor beside it", order("ARRÊTÉ N° 2031-12", "Port-Kerelec, le 18 février 2031 Pour le maire, l'adjoint délégué,"), "2031-12"),
  form(
    "the list of those who get a copy beside it",
    order("ARRÊTÉ N° 2031-12", "M. le commandant de la gendarmerie de Port-Kerelec Port-Kerelec, le 18 février 2031\nLe maire,"),
    "2031-12",
  ),
  form("a day of the week", order("ARRÊTÉ N° 2031-12", "A Port-Kerelec, le mardi 18 février 2031"), "2031-12"),
  form("capitals", order("ARRÊTÉ N° 2031-12", "FAIT A PORT-KERELEC, LE 18 FEVRIER 2031"), "2031-12"),
  form("“donné à”", order("ARRÊTÉ N° 2031-12", "Donné à Port-Kerelec, le 18 février 2031"), "2031-12"),
  form(
    "“arrêté à … le” in letters",
    order("ARRÊTÉ N° 2031-12", "Fait à Port-Kerelec, le dix-huit février deux mille trente et un"),
    "2031-12",
  ),
  form("“En date du” under the title", order("ARRÊTÉ N° 2031-12\nen date du 18 février 2031", ""), "2031-12"),
  form("the comma behind “le”", order("ARRÊTÉ N° 2031-12", "Port-Kerelec le, 18 février 2031"), "2031-12"),
  form("no place, and who signs right below", order("ARRÊTÉ N° 2031-12", "\nLe 18 février 2031\nLe maire,\nAnne LE GOFF"), "2031-12"),
  form("the first of a month", order("ARRÊTÉ N° 2031-12", "Fait à Port-Kerelec, le 1er mars 2031"), "2031-12", "2031-03-01"),
  form("the first of a month, misread", order("ARRÊTÉ N° 2031-12", "Fait à Port-Kerelec, le 1° mars 2031"), "2031-12", "2031-03-01"),
  form(
    "the first of a month, its “er” misread",
    order("ARRÊTÉ N° 2031-12", "Fait à Port-Kerelec, le 1% mars 2031"),
    "2031-12",
    "2031-03-01",
  ),
  form(
    "the first of a month, its “er” a quotation mark",
    order("ARRÊTÉ N° 2031-12", "Fait à Port-Kerelec, le 1“ mars 2031"),
    "2031-12",
    "2031-03-01",
  ),
  form("a stamp of the transmission under it", order("ARRÊTÉ N° 2031-12", `${SIGNED}\n${STAMP}`), "2031-12"),
  form(
    "a certificate of display under it",
    order(
      "ARRÊTÉ N° 2031-12",
      `${SIGNED}\nCertifié exécutoire par le maire\nAffiché le 25 février 2031\nNotifié à l'intéressé le 26/02/2031`,
    ),
    "2031-12",
  ),
  form(
    "how to appeal under it",
    order(
      "ARRÊTÉ N° 2031-12",
      `${SIGNED}\nLe présent arrêté peut faire l'objet d'un recours devant le tribunal administratif de Port-Ponant, dans un délai de deux mois.\nAccusé de réception en préfecture\n029-999999999-20310218-2031-12-AR\nDate de télétransmission : 20/02/2031`,
    ),
    "2031-12",
  ),
  form("no signature, an event and cited acts only", order("ARRÊTÉ N° 2031-12", "Le maire,\nAnne LE GOFF"), "2031-12", null),
  form(
    "an annexe with a day of its own",
    [...order("ARRÊTÉ N° 2031-12"), "ANNEXE\nPlan établi le 3 janvier 2031\nEchelle 1/500"],
    "2031-12",
  ),
];

const OF_THE_PREFECTURE: readonly Form[] = [
  form(
    "the prefecture's number in full",
    prefect("Arrêté préfectoral n° 29-2031-03-04-00001 du 4 mars 2031"),
    "29-2031-03-04-00001",
    "2031-03-04",
  ),
  form("day of the year and a running number", prefect("ARRÊTÉ PRÉFECTORAL n° 2031063-0004\ndu 4 mars 2031"), "2031063-0004", "2031-03-04"),
  form("the day in the title, no number", prefect("ARRÊTÉ PRÉFECTORAL DU 4 MARS 2031\nPORTANT LIMITATION"), null, "2031-03-04"),
  form("year and number", prefect("ARRÊTÉ INTERPRÉFECTORAL n° 2031-118 du 4 mars 2031\nportant limitation"), "2031-118", "2031-03-04"),
  form(
    "letters of a service",
    prefect("ARRETE PREFECTORAL N° DDTM-SEB-2031-118\nportant limitation", "Fait à Port-Ponant, le 4 mars 2031"),
    "DDTM-SEB-2031-118",
    "2031-03-04",
  ),
  form(
    "signed at the end, no day in the title",
    prefect("Arrêté n° 2031-118 portant limitation", "A Port-Ponant, le 04 MARS 2031\nLe préfet,"),
    "2031-118",
    "2031-03-04",
  ),
  form(
    "a rubber stamp at the end",
    prefect("ARRÊTÉ n° 2031-118", "Port-Ponant, le 0 4 MARS 2031\nPour le préfet,"),
    "2031-118",
    "2031-03-04",
  ),
  form(
    "a rubber stamp under “le préfet”",
    prefect("ARRÊTÉ n° 2031-118", "Fait à Port-Ponant, le\n0 4 MARS 2031\nPour le préfet,"),
    "2031-118",
    "2031-03-04",
  ),
  form(
    "the number in the imprint of the collection of acts",
    prefect(
      "ARRÊTÉ PRÉFECTORAL DU 4 MARS 2031",
      "Préfecture du Ponant - 29-2031-03-04-00001 - Arrêté du 4 mars 2031 portant limitation 12",
    ),
    "29-2031-03-04-00001",
    "2031-03-04",
  ),
];

const NO_FOOT = "Le maire,\nAnne LE GOFF";
/** What a rule that is too eager would take for the number or the day. */
const NOT_ITS_OWN: readonly Form[] = [
  form("an event in the title", order("ARRÊTÉ portant fermeture de la plage du 12 mars 2031 au 14 mars 2031", NO_FOOT), null, null),
  form("an event under the title", order("ARRÊTÉ N° 2031-12\nFête du port du 12 au 14 mars 2031", NO_FOOT), "2031-12", null),
  form("the day of an order that is changed", order("ARRÊTÉ modifiant l'arrêté n° PM2030-004 du 5 mai 2030", NO_FOOT), null, null),
  form(
    "an event on a line of its own, and the mayor in the next article",
    order("ARRÊTÉ N° 2031-12", "La fête aura lieu\nle 12 mars 2031\nLe maire est chargé de l'exécution de cet arrêté."),
    "2031-12",
    null,
  ),
  form("a plot of land", order("ARRÊTÉ portant alignement de la parcelle AB n° 112"), null),
  form("a road", order("ARRÊTÉ DE CIRCULATION\nRoute départementale n° 784 - PR 12-450"), null),
  form("a building permit in its title", order("ARRÊTÉ\naccordant le permis n° PC 029 999 31 00012"), null),
  form("a house and a telephone", order("Mairie - 12, quai Neuf - Tél. 02 98 00 00 00\nARRÊTÉ\n12 rue du Port"), null),
  form("a school year", order("ARRÊTÉ\nportant tarifs de la cantine 2031-2032"), null),
  form("a blank for the number", order("ARRÊTÉ N°          du 18 février 2031", NO_FOOT), null),
  form("a blank with dots", order("ARRÊTÉ N° ....../2031\nportant interdiction"), null),
  form(
    "a day and a place in the recitals",
    order("ARRÊTÉ N° 2031-12", NO_FOOT).map((page) =>
      page.replace("\nARRÊTE", "\nVu la réunion tenue à Port-Kerelec, le 3 mars 2030\nARRÊTE"),
    ),
    "2031-12",
    null,
  ),
  form(
    "a day and a place in recitals of two lines",
    order("ARRÊTÉ N° 2031-12", NO_FOOT).map((page) =>
      page.replace("\nARRÊTE", "\nConsidérant la course nautique qui partira du quai de\nPort-Kerelec, le 3 mars 2031\nARRÊTE"),
    ),
    "2031-12",
    null,
  ),
  form(
    "a certificate that it was shown, above the signature",
    order("ARRÊTÉ N° 2031-12", `Le maire certifie que cet acte est exécutoire\nPort-Kerelec, le 25 février 2031\nLe maire\n${SIGNED}`),
    "2031-12",
  ),
  form(
    "a receipt by who is concerned",
    order("ARRÊTÉ N° 2031-12", `${SIGNED}\nReçu notification à Port-Kerelec, le 25 février 2031`),
    "2031-12",
  ),
  form(
    "an agreement under it",
    [...order("ARRÊTÉ N° 2031-12"), "CONVENTION\nentre la commune et l'association\nFait à Port-Kerelec, le 3 janvier 2030"],
    "2031-12",
  ),
];

const GROUPS: readonly (readonly [name: string, forms: readonly Form[]])[] = [
  ["an order's own number", NUMBERS],
  ["an order's number as OCR reads it", NOISE],
  ["the day of an order", DATES],
  ["number and day of a prefect's order", OF_THE_PREFECTURE],
  ["an order's own number and day beside another's", NOT_ITS_OWN],
];

for (const [name, forms] of GROUPS) {
  describe(name, () => {
    for (const { what, pages, number, date } of forms) {
      it(`is read where there is ${what}`, () => {
        const facts = factsOf(...pages);
        assert.deepEqual([facts.number?.value ?? null, facts.date?.value ?? null], [number, date]);
      });
    }
  });
}
