// Kubernetes' and CloudNativePG's own schemas on the objects of standard input, a JSON list: a fault a line, status 3.
import { readFileSync } from "node:fs";

async function modelOf({ apiVersion, kind }) {
	const source = apiVersion.startsWith("postgresql.cnpg.io/") ? "@kubernetes-models/cloudnative-pg" : "kubernetes-models";
	const found = (await import(`${source}/${apiVersion}`))[kind];
	if (!found)
		throw new Error(`there is no ${kind} in ${apiVersion}`);
	return found;
}

const faults = [];
for (const one of JSON.parse(readFileSync(0, "utf8"))) {
	const Model = await modelOf(one);
	try {
		new Model(one).validate();
	} catch (error) {
		faults.push(`${one.apiVersion} ${one.kind} ${one.metadata?.name}: ${error.message}`);
	}
}
for (const fault of faults)
	console.log(fault);
process.exitCode = faults.length ? 3 : 0;
