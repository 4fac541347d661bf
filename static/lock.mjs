// Lock files name packages and their hashes; what else npm notes there (who asks for money where) is left out.
import { readFile, writeFile } from "node:fs/promises";

for (const path of process.argv.slice(2)) {
  const lock = JSON.parse(await readFile(path, "utf8"));
  for (const entry of Object.values(lock.packages)) delete entry.funding;
  await writeFile(path, `${JSON.stringify(lock, null, 2)}\n`);
}
