import { Tensor } from '@chimera-nn/core';
import { expect, it } from 'vitest';
import { readBytes } from '../goldens/read.ts';

interface Goldens {
  readonly scenarios: Readonly<Record<string, readonly string[]>>;
}

/** A committed file of data that PyTorch made. */
export async function readJson<T>(name: string): Promise<T> {
  return JSON.parse(
    new TextDecoder().decode(await readBytes(new URL(`../../goldens/${name}.json`, import.meta.url))),
  ) as T;
}

/** Tensors as their elements, anywhere inside arrays. */
async function resolved(value: unknown): Promise<unknown> {
  if (value instanceof Tensor) return [...(await value.data())];
  if (Array.isArray(value)) return Promise.all(value.map(resolved));
  if (value !== null && typeof value === 'object') return Promise.all(Object.values(value).map(resolved));
  return value ?? null;
}

/** What a scenario notes down, line by line. */
export class Transcript {
  readonly lines: string[] = [];

  log(label: string, value: unknown): void {
    this.lines.push(`${label}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
  /** As `log`, with tensors as their elements. */
  async values(label: string, value: unknown): Promise<void> {
    this.log(label, await resolved(value));
  }
  /** The message of what `body` throws. */
  error(label: string, body: () => unknown): void {
    try {
      body();
    } catch (error) {
      this.log(label, (error as Error).message);
      return;
    }
    this.log(label, 'no error');
  }
}

/** A test that runs a scenario and compares its lines with those of the scenario of that name in tooling/goldens/modules.py. */
export const scenario = scenariosOf('modules');

/** Tests of the scenarios in another file of goldens. */
export function scenariosOf(
  file: string,
): (name: string, body: (transcript: Transcript) => void | Promise<void>) => void {
  return (name, body) => {
    it(`${name.replaceAll('_', ' ')}: as PyTorch`, async () => {
      const transcript = new Transcript();
      await body(transcript);
      const { scenarios } = await readJson<Goldens>(file);
      expect(transcript.lines).toEqual(scenarios[name]);
    });
  };
}
