import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A key and a certificate for 127.0.0.1, signed by an authority that exists for this moment only: nobody can know it. */
export function selfMadeCertificate(): { readonly key: string; readonly cert: string } {
  const authority = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const host = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer(1),
    ECDSA_SHA256,
    name("Nobody's authority"),
    validity(),
    name("127.0.0.1"),
    host.publicKey.export({ type: "spki", format: "der" }),
    // subjectAltName: the address itself, so that only the signature is wrong.
    tagged(0xa3, sequence(sequence(objectId("551d11"), tagged(0x04, sequence(tagged(0x87, Buffer.from([127, 0, 0, 1]))))))),
  );
  const signed = sequence(body, ECDSA_SHA256, signature(body, authority.privateKey));
  return { key: host.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), cert: pem(signed) };
}

const signature = (body: Buffer, key: KeyObject): Buffer => tagged(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", body, key)]));

const DAY_MS = 86_400_000;
const validity = (): Buffer => sequence(...[-1, 1].map((days) => utcTime(new Date(Date.now() + days * DAY_MS))));
const utcTime = (at: Date): Buffer => tagged(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/\D/g, "")}Z`));

/** DER: a tag, a length, a content. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));
const integer = (value: number): Buffer => tagged(0x02, Buffer.from([value]));
const objectId = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, "hex"));
/** One "common name". */
const name = (text: string): Buffer => sequence(tagged(0x31, sequence(objectId("550403"), tagged(0x0c, Buffer.from(text)))));
const ECDSA_SHA256 = sequence(objectId("2a8648ce3d040302"));

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/.{64}/g, "$&\n").trim()}\n-----END CERTIFICATE-----\n`;
