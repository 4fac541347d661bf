// Bundles styles and scripts into static/dist under names that change with their content, and
// writes static/dist/manifest.json, from which the templates learn those names.
import { build } from "esbuild";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { cutFonts } from "./fonts.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));
const out = join(root, "dist");
const styles = ["storefront", "staff", "till", "plain", "receipt", "sheet"];
const scripts = ["site", "till", "place", "inspect"];

const entries = [
  ...styles.map((name) => join(root, "css", `${name}.css`)),
  ...scripts.map((name) => join(root, "js", `${name}.js`)),
].filter((path) => existsSync(path));

await cutFonts();
const result = await build({
  entryPoints: entries,
  outdir: out,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  publicPath: "/static/dist/",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome105", "firefox110", "safari16"],
  loader: { ".woff2": "file", ".svg": "file", ".png": "file", ".wasm": "file" },
  minify: true,
  legalComments: "eof",
  metafile: true,
  write: false,
  logLevel: "warning",
  absWorkingDir: join(root, ".."),
});

const manifest = {};
for (const [path, { entryPoint }] of Object.entries(result.metafile.outputs)) {
  if (entryPoint) manifest[basename(entryPoint)] = basename(path);
}

// New files first, then the manifest, then the old ones go: a page served meanwhile stays whole.
await mkdir(out, { recursive: true });
const fresh = new Set(["manifest.json"]);
for (const { path, contents } of result.outputFiles) {
  await keep(path, contents);
  // Packed once, as small as it gets, beside the file; the server picks what the browser can unpack.
  if (/\.(css|js)$/.test(path)) {
    await keep(`${path}.gz`, gzipSync(contents, { level: 9 }));
    await keep(`${path}.br`, brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  }
}

async function keep(path, contents) {
  await writeFile(path, contents);
  fresh.add(basename(path));
}

const list = JSON.stringify(Object.fromEntries(Object.entries(manifest).sort()), null, 2);
await writeFile(join(out, "manifest.json.new"), `${list}\n`);
await rename(join(out, "manifest.json.new"), join(out, "manifest.json"));

for (const name of await readdir(out)) {
  if (!fresh.has(name)) await rm(join(out, name), { recursive: true });
}
