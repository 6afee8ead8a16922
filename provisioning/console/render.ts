/** The whole screen as lines: a bar with the name, a page, a line for a notice, and a bar with the keys. Pure. */
import { fold } from './fold.ts'
import { renderForm } from './form-pages.ts'
import { menuFor } from './menu.ts'
import { renderStatus } from './status-page.ts'
import { bold, clip, padTo, reverse, toPrintable, toPrintableDeep } from './text.ts'
import type { Shown, Size, View } from './view.ts'

/** What it takes to be legible; on less, only state and size are told. */
export const smallestSize: Size = { columns: 60, rows: 16 }

/**
 * As many lines as there are rows, none wider than there are columns, all of printable ASCII but for bold and reverse.
 * `nowMs` is a Unix time.
 */
export function renderScreen(
  given: Shown,
  view: View,
  { size, nowMs }: { size: Size; nowMs: number },
): readonly string[] {
  const shown = toPrintableDeep(given)
  const { columns, rows } = size
  if (columns < smallestSize.columns || rows < smallestSize.rows) return renderTooSmall(shown, size)
  const { body, keys } = renderBody(shown, view, { size, nowMs })
  const notice = view.notice ? ` ${bold(clip(toPrintable(view.notice.text), columns - 2))}` : ''
  const filled = Array.from({ length: rows - 3 }, (_, index) => body[index] ?? '')
  return [renderTitleBar(shown, columns), ...filled, notice, renderKeyBar(keys, columns)]
}

type Keys = readonly (readonly [key: string, label: string])[]

function renderBody(shown: Shown, view: View, { size, nowMs }: { size: Size; nowMs: number }) {
  const { page } = view
  const rows = size.rows - 3
  if (page.kind === 'status') {
    const keys: Keys = menuFor(shown).map(({ key, label }) => [key, label])
    return { body: fold(renderStatus(shown, { columns: size.columns, nowMs }), rows), keys }
  }
  const width = Math.min(size.columns - 4, 76)
  const { title, lines, keys } = renderForm(toPrintableDeep(page), shown, { view, width, nowMs })
  return { body: ['', bold(` ${clip(title, width)}`), '', ...lines.map(line => ` ${line}`)].slice(0, rows), keys }
}

function renderTitleBar({ status: { product, version, hostName } }: Shown, columns: number): string {
  const left = ` ${clip(`${product} ${version}`, Math.floor(columns / 2) - 2)}`
  const right = `${clip(hostName, columns - left.length - 4)} `
  return reverse(padTo(left, columns - right.length) + right)
}

function renderKeyBar(keys: Keys, columns: number): string {
  const whole = keys.map(([key, label]) => ` ${key} ${label}`).join('  ')
  return reverse(padTo(clip(whole, columns), columns))
}

function renderTooSmall({ status }: Shown, { columns, rows }: Size): readonly string[] {
  const need = `${smallestSize.columns}x${smallestSize.rows}`
  const lines = [
    `${status.product}: ${status.state}`,
    `This screen is too small (${columns}x${rows}); ${need} is needed.`,
  ]
  return Array.from({ length: rows }, (_, index) => clip(lines[index] ?? '', columns))
}
