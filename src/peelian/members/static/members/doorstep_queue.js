/* What waits on this phone: what officers typed at doors, sealed for the server, the keys that seal it, and nothing that
   could open it.

   The other side is peelian/members/sealing.py. Of each key only the public half comes here. For each entry the browser
   makes a pair of its own and forgets its private half when the entry is sealed, so that neither this page nor whoever
   has the phone next can read it again: the server can, for the officer it belongs to, until they sign out. */

const NAME = "peelian-doorstep";
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const PURPOSE = new TextEncoder().encode("peelian doorstep 1");
const FULL = 1024; /* characters: filled up to a multiple, so that the length does not tell what somebody said */
let opening = null;

const open = () => {
  opening ??= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("keys", { keyPath: "id" });
      asked.result.createObjectStore("entries", { keyPath: "id" });
    };
    asked.onsuccess = () => {
      const again = () => { opening = null; };
      asked.result.onclose = again; /* wiped by the browser, at the server's word */
      asked.result.onversionchange = () => { asked.result.close(); again(); };
      done(asked.result);
    };
    asked.onerror = () => { opening = null; failed(asked.error); };
  });
  return opening;
};

/* One transaction; it counts when it is on the disk, since the phone may go off the moment after. */
const within = async (store, mode, work) => {
  const database = await open();
  return new Promise((done, failed) => {
    const transaction = database.transaction(store, mode, { durability: "strict" });
    const asked = work(transaction.objectStore(store));
    transaction.oncomplete = () => done(asked?.result);
    transaction.onabort = transaction.onerror = () => failed(transaction.error);
  });
};

export const all = (store) => within(store, "readonly", (kept) => kept.getAll());
export const put = (store, row) => within(store, "readwrite", (kept) => kept.put(row));
export const remove = (store, id) => within(store, "readwrite", (kept) => kept.delete(id));
export const wipe = async () => {
  await within("entries", "readwrite", (kept) => kept.clear());
  await within("keys", "readwrite", (kept) => kept.clear());
};

const written = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const read = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

/* Seal what was typed as the entry ID with the public half of KEY: ECDH, HKDF-SHA-256, AES-256-GCM. */
export const seal = async (key, id, said) => {
  const theirs = await crypto.subtle.importKey("raw", read(key.half), CURVE, false, []);
  const ours = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const half = await crypto.subtle.exportKey("raw", ours.publicKey);
  const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
  const stretched = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const info = new Uint8Array([...PURPOSE, ...new Uint8Array(half)]);
  const locking = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  const lock = await crypto.subtle.deriveKey(locking, stretched, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const tied = new TextEncoder().encode(id);
  const text = JSON.stringify(said);
  const plain = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / FULL) * FULL));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: tied }, lock, plain);
  return { id, key: key.id, half: written(half), nonce: written(nonce), sealed: written(sealed) };
};
