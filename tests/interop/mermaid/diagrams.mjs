// Draws a diagram per line, which is a JSON string; answers with what can be read in the picture and
// with the lines between the boxes, or with the error.

import { createInterface } from "node:readline";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!doctype html><body></body>", {
  pretendToBeVisual: true,
});
// jsdom lays nothing out: an estimate of each text's size takes the place of a browser's measure.
const width = (element) => 8 * (element.textContent.length + 1);
window.SVGElement.prototype.getBBox = function () {
  return { x: 0, y: 0, width: width(this), height: 16 };
};
window.SVGElement.prototype.getComputedTextLength = function () {
  return width(this);
};
globalThis.window = window;
for (const name of ["document", "Element", "Node", "DOMParser", "CSSStyleSheet"])
  globalThis[name] = window[name];
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false });

const texts = (parent, part) =>
  [...parent.querySelectorAll(`.${part}`)].map((label) => label.textContent);

let count = 0;
async function answer(text) {
  try {
    await mermaid.parse(text);
    const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
    const { svg } = await mermaid.render(`diagram${count++}`, text);
    const picture = window.document.createElement("div");
    picture.innerHTML = svg;
    const names = new Map();
    for (const [name, entity] of diagram.db.getEntities()) names.set(entity.id, name);
    return {
      boxes: [...picture.querySelectorAll("g.node")].map((box) => ({
        // A table that the diagram does not describe is a name in a box.
        name: texts(box, "name")[0] ?? box.textContent.trim(),
        types: texts(box, "attribute-type"),
        fields: texts(box, "attribute-name"),
        keys: texts(box, "attribute-keys"),
        comments: texts(box, "attribute-comment"),
      })),
      labels: [...picture.querySelectorAll(".edgeLabel .label")].map(
        (label) => label.textContent,
      ),
      lines: diagram.db.getRelationships().map((line) => ({
        of: names.get(line.entityA),
        holder: names.get(line.entityB),
        ofCount: line.relSpec.cardB,
        holderCount: line.relSpec.cardA,
      })),
    };
  } catch (error) {
    return { error: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await answer(JSON.parse(line))));
