/** Whether a name matches one of some globs, in which `*` stands for any run of characters. No globs match everything. */
export function matchesFilter(name: string, filter: string | readonly string[] | undefined): boolean {
  const globs = filter === undefined ? [] : typeof filter === 'string' ? [filter] : filter;
  return globs.length === 0 || globs.some((glob) => globToRegExp(glob).test(name));
}

function globToRegExp(glob: string): RegExp {
  const escaped = glob.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${escaped.join('.*')}$`);
}
