let version = 0;

/** Grows whenever something is registered or taken out, a hook comes or goes, or a mode changes, in any block. */
export function structureVersion(): number {
  return version;
}

/** Says that the structure of some block has changed. */
export function structureChanged(): void {
  version++;
}

/** A map that says so when it changes. */
export class WatchedMap<Key, Value> extends Map<Key, Value> {
  override set(key: Key, value: Value): this {
    if (!this.has(key) || this.get(key) !== value) structureChanged();
    return super.set(key, value);
  }
  override delete(key: Key): boolean {
    const was = super.delete(key);
    if (was) structureChanged();
    return was;
  }
  override clear(): void {
    structureChanged();
    super.clear();
  }
}
