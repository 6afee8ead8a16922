/** Fits a page into the rows there are: its sections take leaner forms by priority until all of it has room. */

export interface Section {
  /** From the richest form to the leanest. */
  readonly forms: readonly (readonly string[])[]
  /** What the page is short of first: the lowest gives way first, and all the way. */
  readonly priority: number
}

/** The lines of all sections, at most `rows`. Where even the leanest forms have too many, sections go altogether. */
export function fold(sections: readonly Section[], rows: number): string[] {
  const levels = new Map<Section, number>(sections.map(section => [section, 0]))
  const linesOf = (section: Section) => section.forms[levels.get(section) ?? 0] ?? []
  const isTooLong = () => sections.reduce((sum, section) => sum + linesOf(section).length, 0) > rows
  const byPriority = sections.toSorted((one, other) => one.priority - other.priority)
  const shrink = (section: Section, lowest: number) => {
    for (let level = levels.get(section) ?? 0; level <= lowest && isTooLong(); level += 1) levels.set(section, level)
  }
  for (const section of byPriority) shrink(section, section.forms.length - 1)
  for (const section of byPriority) shrink(section, section.forms.length)
  return sections.flatMap(linesOf)
}

/**
 * The forms of a list: all items, then ever fewer with `+3 more` at the end, down to `least` of them. An item is never
 * cut: it has all of its lines or none.
 */
export function foldList(items: readonly (readonly string[])[], least: number, more: (count: number) => string) {
  const forms: string[][] = [items.flat()]
  for (let kept = items.length - 1; kept >= Math.min(least, items.length); kept -= 1) {
    const form = [...items.slice(0, kept).flat(), more(items.length - kept)]
    if (form.length < (forms.at(-1)?.length ?? 0)) forms.push(form)
  }
  return forms
}
