/** Short acts of a town that does not exist, as their text comes out of a PDF. */
export const ARRETE = `[page 1]
COMMUNE DE PORT-KERELEC
Police municipale – 4, place du Phare-Vert – Tél. 02 99 00 00 12

ARRÊTÉ DU MAIRE N° PM2026-031
portant réglementation temporaire de la circulation et du stationnement

La maire de Port-Kerelec,

Vu le code général des collectivités territoriales, et notamment ses art. L. 2212-2 et L. 2213-1 ;

Vu l'arrêté n° PM2022-224 du 25 juillet 2022 ;

Considérant la demande présentée le 8 avril 2026 par M. Le Goff, demeurant n° 12 rue Haute ;

ARRÊTE :

Article 1 – Circulation
La circulation de tous les véhicules est interdite quai des
Goémoniers, du samedi 18 juillet 2026 à 8 h 00 au 1er août 2026.

[page 2]
Article 2 – Riverains
Les laissez-passer sont à retirer en mairie avant le vendredi 10 juillet 2026. Le droit de place est fixé à 3,20 € le mètre ; la
caution est de 1 250 € et le forfait de 12 500 euros. L'arrêté n° PM2022-224 est abrogé.

Fait à Port-Kerelec, le 20 mai 2026.
`;

export const DELIBERATION = `[page 1]
EXTRAIT DU REGISTRE DES DÉLIBÉRATIONS DU CONSEIL MUNICIPAL
Séance du jeudi 26 février 2026
Délibération n° DE2026-012

Date de la convocation : 19 février 2026

OBJET : Rénovation du groupe scolaire Les Hirondelles

Vu la délibération n° DE2025-041 du 15 mai 2025 ;

Le conseil municipal, après en avoir délibéré, décide :
- d'approuver l'avant-projet de rénovation de l'école, pour les élèves des quatre classes ;
- d'autoriser Mme la maire à déposer les demandes de subvention avant le 31 mars 2026.
`;

export const TRANSCRIPTION = `[page 4]
00:00:00 Intervenant 1
Bonsoir à tous, on va parler du port et de la pêche.

00:00:45 Intervenant 2
Les bateaux de pêche attendent à la criée, et le chenal n'est pas dragué.
`;
