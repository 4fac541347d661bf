// Judges the structured data of saved pages: by the terms of schema.org and by what search engines ask of them.
// Arguments: one folder of HTML files. Prints what it finds as JSON, a list of {page, type, severity, message}.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Validator from "@adobe/structured-data-validator";
import WebAutoExtractor from "@marbec/web-auto-extractor";

const QUAD = /^<([^>]+)> <([^>]+)> <([^>]+)>/;
const PREFIXES = {
  "http://www.w3.org/2000/01/rdf-schema#": "rdfs:",
  "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
  "http://schema.org/": "schema:",
};

// The definition of schema.org itself, in the form in which the judge reads it.
async function vocabulary() {
  const file = new URL("schema.nq", import.meta.resolve("@vocabulary/schema"));
  const nodes = new Map();
  for (const line of (await readFile(fileURLToPath(file), "utf8")).split("\n")) {
    const [subject, predicate, object] = (QUAD.exec(line) ?? []).slice(1).map(short);
    if (!subject) continue;
    const node = nodes.get(subject) ?? { "@id": subject };
    nodes.set(subject, node);
    if (predicate === "rdf:type") {
      // A kind of text or number is a class too, and of two types the one that says so counts.
      if (node["@type"] !== "rdfs:Class") node["@type"] = object;
    } else if (predicate === "rdfs:subClassOf" || predicate === "schema:domainIncludes") {
      (node[predicate] ??= []).push({ "@id": object });
    }
  }
  return { "@graph": [...nodes.values()] };
}

function short(iri) {
  const known = Object.keys(PREFIXES).find((prefix) => iri.startsWith(prefix));
  return known ? PREFIXES[known] + iri.slice(known.length) : iri;
}

const folder = process.argv[2];
const judge = new Validator(await vocabulary());
const found = [];
for (const page of (await readdir(folder)).sort()) {
  const data = new WebAutoExtractor().parse(await readFile(join(folder, page), "utf8"));
  if (!Object.keys(data.jsonld).length) found.push({ page, type: "", severity: "ERROR", message: "no structured data" });
  for (const fault of data.errors ?? []) found.push({ page, type: "", severity: "ERROR", message: fault.message });
  for (const issue of await judge.validate(data)) {
    const type = issue.path.map((step) => step.property ? `${step.property}:${step.type}` : step.type).join("/");
    found.push({ page, type, severity: issue.severity, message: issue.issueMessage });
  }
}
process.stdout.write(JSON.stringify(found));
