/** Something that can be called and that knows its name inside the one that calls it. */
export interface ScopeOwner {
  scopeName?(caller: ScopeOwner | null): string;
}

/** One call of a block on the stack of calls: what a recorded node remembers of where it was made. */
export interface Scope {
  /** The block that is being called. */
  readonly owner: ScopeOwner;
  readonly parent: Scope | null;
}

/** How recording currently happens. */
export const recording: {
  /** `null`: in the user's own code, outside any block. */
  scope: Scope | null;
  gradEnabled: boolean;
  /** Counts the evaluations that updated state; what was computed before can no longer be differentiated. */
  generation: number;
} = { scope: null, gradEnabled: true, generation: 0 };

const library: ScopeOwner = {};

/**
 * Runs library code: tensors made inside are intermediates, not values the user holds. Only synchronous work counts;
 * what an asynchronous function does after its first `await` is treated as the user's own.
 */
export function scoped<T>(body: () => T, owner: ScopeOwner = library): T {
  const outer = recording.scope;
  recording.scope = { owner, parent: outer };
  try {
    return body();
  } finally {
    recording.scope = outer;
  }
}

/** `MLP.hidden`: the blocks whose calls enclose a recorded node, outermost first; empty outside blocks. */
export function scopePath(scope: Scope | null): string {
  const names: string[] = [];
  for (let s = scope; s !== null; s = s.parent) {
    const name = s.owner.scopeName?.(s.parent?.owner ?? null);
    if (name !== undefined) names.unshift(name);
  }
  return names.join('.');
}
