import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** Sources by their path from the repository's root. */
export type Sources = ReadonlyMap<string, string>;

/** What a package's own code may import of ours. Tests and apps may import anything: they choose the engines. */
const packages: Record<
  string,
  {
    ours: readonly string[];
    core: 'contract' | 'everything';
    dynamic?: readonly string[];
    external?: readonly string[];
  }
> = {
  // No engine, no native code, nothing that only one host has.
  core: { ours: [], core: 'everything', external: ['fflate'] },
  onnx: { ours: ['core'], core: 'contract' },
  'tfjs-node': { ours: ['core', 'onnx'], core: 'contract' },
  'onnxruntime-web': { ours: ['core', 'onnx'], core: 'contract' },
  // A device is handed to it; its command line loads the one that it is asked for, at run time.
  conformance: { ours: ['core'], core: 'everything', dynamic: ['onnx', 'tfjs-node', 'onnxruntime-web'] },
};

/** The parts of core in the order in which data flows: a part imports what stands before it, never what stands after it or beside it. */
const coreLayers: readonly (readonly string[])[] = [
  ['errors', 'random'],
  ['graph'],
  ['autograd'],
  ['device'],
  ['tensor'],
  ['nn'],
  ['optim'],
  ['func'],
  ['state'],
  ['index'],
];

/** The parts of core that make up the contract of a device. */
const contract: readonly string[] = ['errors', 'graph', 'device'];

interface Import {
  readonly specifier: string;
  readonly line: number;
  /** The imported names; `*` for a whole namespace or a re-export of everything. */
  readonly names: readonly string[];
  readonly dynamic: boolean;
}

/** Every import that runs against the table of packages or against the order inside core, one sentence each. */
export function violations(sources: Sources): string[] {
  const found: string[] = [];
  const origins = coreExports(sources);
  for (const [path, source] of sources) {
    const [, name, inner] = /^packages\/([^/]+)\/src\/(.+)$/.exec(path) ?? [];
    if (name === undefined || inner === undefined) continue;
    const rule = packages[name];
    if (rule === undefined) {
      found.push(`${path}: package ${name} is not in the table of tooling/architecture.ts`);
      continue;
    }
    const test = isTest(path);
    for (const entry of importsOf(path, source)) {
      const at = `${path}:${entry.line}`;
      const report = (reason: string) => found.push(`${at} imports ${entry.specifier}: ${reason}`);
      if (entry.specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(path), entry.specifier);
        if (!target.startsWith(`packages/${name}/`)) report('a relative path leads out of the package');
        else if (name === 'core' && !test) checkCore(path, target, report);
        continue;
      }
      const [, other, subpath] = /^@chimera-nn\/([^/]+)(\/.+)?$/.exec(entry.specifier) ?? [];
      if (test) continue;
      if (other === undefined) {
        if (rule.external && !rule.external.includes(entry.specifier))
          report(`${name} may use ${rule.external.join(', ')} and nothing else from outside`);
        continue;
      }
      if (other === name) report('a package imports itself by relative paths');
      else if (!rule.ours.includes(other) && !(entry.dynamic && rule.dynamic?.includes(other))) {
        report(`${name} may import ${rule.ours.join(', ') || 'none of our packages'}`);
      } else if (other === 'core' && rule.core === 'contract') {
        if (subpath !== undefined) report("an adapter reads core's contract from the package itself");
        for (const used of entry.names) {
          if (used === '*') report("name what is used: everything of core is more than the device's contract");
          const part = origins.get(used);
          if (part !== undefined && !contract.includes(part))
            report(`${used} is from ${part}, which is not part of the device's contract (${contract.join(', ')})`);
        }
      }
    }
  }
  return found;
}

function checkCore(path: string, target: string, report: (reason: string) => void) {
  const from = partOf(path);
  const to = partOf(target);
  const [own, other] = [rank(from), rank(to)];
  if (own === undefined || other === undefined)
    return report(`${own === undefined ? from : to} has no place in the order of tooling/architecture.ts`);
  if (from !== to && other === own) report(`${from} and ${to} stand side by side`);
  if (other > own) report(`${from} comes before ${to}`);
}

/** `packages/core/src/nn/linear.ts` -> `nn`, `packages/core/src/errors.ts` -> `errors`. */
function partOf(path: string): string {
  return path.slice('packages/core/src/'.length).split('/')[0]!.replace(/\.ts$/, '');
}

function rank(part: string): number | undefined {
  const index = coreLayers.findIndex((layer) => layer.includes(part));
  return index === -1 ? undefined : index;
}

function isTest(path: string): boolean {
  return /\.test(-d)?\.ts$/.test(path) || /\/(test|tests)\//.test(path);
}

/** The part of core from which each of its public names comes. */
function coreExports(sources: Sources): Map<string, string> {
  const origins = new Map<string, string>();
  const visit = (path: string, seen: ReadonlySet<string>): string[] => {
    const source = sources.get(path);
    if (source === undefined || seen.has(path)) return [];
    return parse(path, source).staticExports.flatMap(({ entries }) =>
      entries.flatMap((entry) => {
        const module = entry.moduleRequest && posix.join(posix.dirname(path), entry.moduleRequest.value);
        if (module && entry.exportName.kind === 'None') return visit(module, new Set([...seen, path]));
        const name = entry.exportName.kind === 'Default' ? 'default' : entry.exportName.name;
        if (name === null) return [];
        if (!origins.has(name)) origins.set(name, partOf(module ?? path));
        return [name];
      }),
    );
  };
  visit('packages/core/src/index.ts', new Set());
  return origins;
}

function importsOf(path: string, source: string): Import[] {
  const { staticImports, staticExports, dynamicImports } = parse(path, source);
  const line = (offset: number) => source.slice(0, offset).split('\n').length;
  return [
    ...staticImports.map((entry) => ({
      specifier: entry.moduleRequest.value,
      line: line(entry.start),
      names: entry.entries.map(({ importName }) =>
        importName.kind === 'NamespaceObject' ? '*' : (importName.name ?? 'default'),
      ),
      dynamic: false,
    })),
    ...staticExports.flatMap((statement) =>
      statement.entries.flatMap((entry) =>
        entry.moduleRequest
          ? [
              {
                specifier: entry.moduleRequest.value,
                line: line(statement.start),
                names: [entry.importName.name ?? '*'],
                dynamic: false,
              },
            ]
          : [],
      ),
    ),
    ...dynamicImports.flatMap(({ start, moduleRequest }) => {
      const [, specifier] = /^['"`](.*)['"`]$/.exec(source.slice(moduleRequest.start, moduleRequest.end)) ?? [];
      return specifier === undefined ? [] : [{ specifier, line: line(start), names: ['*'], dynamic: true }];
    }),
  ];
}

function parse(path: string, source: string) {
  const { module, errors } = parseSync(path, source, { sourceType: 'module', lang: 'ts' });
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]?.message}`);
  return module;
}
