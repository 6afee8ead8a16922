/** Owns what suites report: the counts in ava's output, and the closing table with its one line for machines. */

export type Counts = { readonly passed: number; readonly failed: number }
export type Result = Counts & { readonly name: string; readonly tookMs: number }

/** Without failures ava closes with `N tests passed`; with failures it names only those, so the marks are counted. */
export function parseAvaCounts(output: string): Counts {
  const closing = /^\s*(\d+) tests? passed$/m.exec(output)
  return {
    passed: closing ? Number(closing[1]) : countLines(output, /^\s*[✔√] /gm),
    failed: sumOf(output, /^\s*(\d+) (?:tests?|hooks?) failed$/gm) + sumOf(output, /^\s*(\d+) uncaught exceptions?$/gm),
  }
}

const countLines = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length
const sumOf = (text: string, pattern: RegExp): number =>
  [...text.matchAll(pattern)].reduce((sum, [, number]) => sum + Number(number), 0)

/** The last line has the form `N passed, N failed`, alone, for whatever reads the run. */
export function renderClosing(results: readonly Result[], asked: readonly string[]): string {
  const rows = results.map(({ name, passed, failed, tookMs }) =>
    renderRow([name, failed > 0 ? 'failed' : 'passed', `${passed}`, `${failed}`, `${(tookMs / 1000).toFixed(1)} s`]),
  )
  const skipped = asked.slice(results.length).map(name => renderRow([name, 'not run', '', '', '']))
  const total = (key: keyof Counts) => results.reduce((sum, result) => sum + result[key], 0)
  const head = renderRow(['suite', 'result', 'passed', 'failed', 'time'])
  return ['', head, ...rows, ...skipped, '', `${total('passed')} passed, ${total('failed')} failed`].join('\n')
}

const renderRow = ([name = '', ...cells]: readonly string[]): string =>
  (name.padEnd(12) + cells.map(cell => cell.padStart(10)).join('')).trimEnd()
