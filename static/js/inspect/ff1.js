// FF1 (NIST SP 800-38G) for what stamps need: 12 digits of radix 32, AES by WebCrypto. Each half has 30 bits.
const ROUNDS = 10;
const BLOCK = 16;
const DIGITS = 12;
const HALF = 2 ** 30;
const BYTES = 4; // of one half

const importKey = (bytes) => crypto.subtle.importKey("raw", bytes, "AES-CBC", false, ["encrypt"]);

// CBC-MAC: the last block before the padding, from a chain that begins with zeros.
const mac = async (key, message) => {
  const sealed = await crypto.subtle.encrypt({ name: "AES-CBC", iv: new Uint8Array(BLOCK) }, key, message);
  return new Uint8Array(sealed, message.length - BLOCK, BLOCK);
};

// Blocks P and Q of the standard, up to the round's number.
const start = (tweak) => {
  const zeros = (((-tweak.length - BYTES - 1) % BLOCK) + BLOCK) % BLOCK;
  const message = new Uint8Array(BLOCK + tweak.length + zeros + 1 + BYTES);
  const view = new DataView(message.buffer);
  message.set([1, 2, 1, 0, 0, 32, 10, DIGITS / 2]);
  view.setUint32(8, DIGITS);
  view.setUint32(12, tweak.length);
  message.set(tweak, BLOCK);
  return { message, view };
};

export class Ff1 {
  static async of(keyBytes, tweak) {
    return new Ff1(await importKey(keyBytes), tweak);
  }

  constructor(key, tweak) {
    Object.assign(this, { key, ...start(tweak) });
  }

  // What is added to the other half in a round. Of its eight bytes only the last 30 bits matter.
  async #y(round, half) {
    const { message, view } = this;
    view.setUint8(message.length - BYTES - 1, round);
    view.setUint32(message.length - BYTES, half);
    const r = await mac(this.key, message);
    return new DataView(r.buffer, r.byteOffset).getUint32(4) % HALF;
  }

  // [high, low] halves of the plain number.
  async decrypt(high, low) {
    let [a, b] = [high, low];
    for (let round = ROUNDS - 1; round >= 0; round -= 1) {
      [a, b] = [(b - (await this.#y(round, a)) + HALF) % HALF, a];
    }
    return [a, b];
  }

  async encrypt(high, low) {
    let [a, b] = [high, low];
    for (let round = 0; round < ROUNDS; round += 1) {
      [a, b] = [b, (a + (await this.#y(round, b))) % HALF];
    }
    return [a, b];
  }
}
