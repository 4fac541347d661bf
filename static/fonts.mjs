// Cuts the typeface down to the letters of Vietnamese and English and the signs that the pages use:
// three weights in as many bytes as one whole file. The full files stay for printing (PDF).
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import subsetFont from "subset-font";

const root = fileURLToPath(new URL(".", import.meta.url));
const source = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/be-vietnam-pro/package.json"));
const weights = { 400: "400Regular", 600: "600SemiBold", 700: "700Bold" };

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => String.fromCodePoint(from + n)).join("");
const letters = [
  range(0x20, 0x7e),
  "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư",
  range(0x1ea0, 0x1ef9),
  "\u00a0«»·×°±²³½©–—‘’“”„…•‹›₫€→←↑↓−≤≥✓",
].join("");

export async function cutFonts() {
  const out = join(root, "build", "fonts");
  await mkdir(out, { recursive: true });
  for (const [weight, name] of Object.entries(weights)) {
    const whole = await readFile(join(source, name, `BeVietnamPro_${name}.ttf`));
    const cut = await subsetFont(whole, letters, { targetFormat: "woff2", noHinting: true });
    await writeFile(join(out, `be-vietnam-pro-${weight}.woff2`), cut);
  }
}
