// Reads a GEXF file with graphology-gexf, as Gephi Lite does, and prints nodes and edges as JSON.
// Usage, in the folder that holds node_modules: node read_gexf.mjs FILE OUT.json
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const { MultiGraph } = require("graphology");
const gexf = require("graphology-gexf");

const graph = gexf.parse(MultiGraph, readFileSync(process.argv[2], "utf8"), { addMissingNodes: false });
const nodes = graph.mapNodes((id, attributes) => ({ id, attributes }));
const edges = graph.mapEdges((id, attributes, source, target) => ({ id, source, target, attributes }));
writeFileSync(process.argv[3], JSON.stringify({ nodes, edges }));
