/**
 * The code of an example as it stands in its file: the body of its `run`, and before it those of the file's own classes, functions and
 * constants that it uses. Undefined where the file is not laid out as expected.
 */
export function exampleSource(id: string, file: string): string | undefined {
  const lines = file.split('\n');
  const start = lines.findIndex((line) => line === `    id: '${id}',`);
  if (start < 0) return undefined;
  const opening = lines.findIndex((line, i) => i > start && /^    run: async \(.*\) => \{$/.test(line));
  const next = lines.findIndex((line, i) => i > start && line === '  },');
  if (opening < 0 || next < opening) return undefined;
  const closing = lines.findIndex((line, i) => i > opening && line === '    },');
  const body = lines.slice(opening + 1, closing).map((line) => line.replace(/^ {6}/, ''));
  return [...declarations(lines, body.join('\n')), body.join('\n')].join('\n\n');
}

/** What stands at the top of a file and is named in a piece of its code, directly or through one another, in the file's order. */
function declarations(lines: readonly string[], code: string): string[] {
  const all: { name: string; text: string }[] = [];
  for (const [i, line] of lines.entries()) {
    const name = /^(?:async )?(?:class|function|const) (\w+)/.exec(line)?.[1];
    if (name === undefined) continue;
    // A declaration ends with the first line that is not indented, its own first line included if it ends there.
    const end = line.endsWith(';') ? i : lines.findIndex((other, j) => j > i && /^\S/.test(other));
    all.push({ name, text: lines.slice(i, end + 1).join('\n') });
  }
  const used = new Set<string>();
  const follow = (text: string): void => {
    for (const { name, text: inner } of all) {
      if (used.has(name) || !new RegExp(`\\b${name}\\b`).test(text)) continue;
      used.add(name);
      follow(inner);
    }
  };
  follow(code);
  return all.filter(({ name }) => used.has(name)).map(({ text }) => text);
}
