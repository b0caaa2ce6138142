import { leadingTo } from '../autograd/formal.ts';
import type { Node } from '../graph/node.ts';
import { recorder as b } from '../graph/node.ts';
import type { Value } from '../graph/value.ts';

/** `constant` where the condition holds, else x: its second derivative is 0, rather than none. */
export function piece(condition: Value, constant: Value, x: Value): Node {
  const result = b.select(condition, constant, x) as Node;
  result.rule = (b, g, { inputs: [where, , input] }) => [
    null,
    null,
    leadingTo(input!, b, b.select(where!, b.like(g, 0), g)),
  ];
  return result;
}
