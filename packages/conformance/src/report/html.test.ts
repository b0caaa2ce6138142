import { describe, expect, it } from 'vitest';
import type { ConformanceReport } from '../runner/result.ts';
import { reportToHtml } from './html.ts';
import { reportToJson } from './json.ts';
import { formatCell, summarize } from './table.ts';

const result = { device: 'a', milliseconds: 3 } as const;
const report: ConformanceReport = {
  ok: false,
  failures: ['a: group/curve: 1 < 2 & "so"'],
  notices: ['b is absent: no card'],
  targets: [
    {
      target: 'a',
      status: 'ran',
      dtypes: ['float32'],
      milliseconds: 1500,
      results: [
        {
          ...result,
          case: 'group/curve',
          status: 'fail',
          maxError: Infinity,
          message: '1 < 2 & "so"',
          exhibits: [
            { kind: 'curve', title: 'loss', values: [3, 2, 1] },
            { kind: 'tree', title: 'net', text: 'Net(<x>)' },
          ],
        },
        { ...result, case: 'operations/exp/one', status: 'pass', maxError: 0 },
        { ...result, case: 'operations/exp/two', status: 'gap', maxError: 1, message: 'known' },
      ],
    },
    {
      target: 'b',
      status: 'absent',
      message: 'no card',
      dtypes: [],
      milliseconds: 0,
      results: [{ ...result, device: 'b', case: 'group/curve', status: 'absent', message: 'no card' }],
    },
  ],
};

describe('reports', () => {
  it('fold samples into one row per operation', () => {
    expect(summarize(report).map(({ name, cells }) => [name, ...cells.map(formatCell)])).toEqual([
      ['group/curve', 'fail not a number', 'absent'],
      ['operations/exp', '1/2 gap', ''],
    ]);
  });

  it('keep numbers that JSON lacks', () => {
    expect(reportToJson(report)).toContain('"maxError": "Infinity"');
    expect((JSON.parse(reportToJson(report)) as ConformanceReport).targets).toHaveLength(2);
  });

  it('show curves and trees, escaped, on a page', () => {
    const page = reportToHtml(report, [
      { id: 'group/curve', title: 'A curve', summary: 'It falls.', run: async () => {} },
    ]);
    expect(page).toContain('<a href="#group/curve">');
    expect(page).toContain('points="0,5.00 50,50.00 100,95.00"');
    expect(page).toContain('Net(&lt;x&gt;)');
    expect(page).toContain('1 &lt; 2 &amp; &quot;so&quot;');
    expect(page).toContain('1 failure.');
  });
});
