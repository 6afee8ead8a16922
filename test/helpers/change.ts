/** What has to be changed in a recorded text so that it says what we say on purpose. */

/** The whole text, or what has to be replaced in the recorded one, at every place; `...` stands for any text. */
export type Change = string | readonly (readonly [from: string, to: string])[]

/** The source of an expression for just this text. */
export const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

const patternOf = (text: string): RegExp => new RegExp(text.split('...').map(literally).join('[^]*?'), 'g')

/** Throws when something to replace is not there: a difference that has gone has no row. */
export function change(recorded: string, wanted: Change = []): string {
  if (typeof wanted === 'string') return wanted
  return wanted.reduce((text, [from, to]) => {
    const changed = text.replace(patternOf(from), () => to)
    if (changed === text) throw new Error(`${JSON.stringify(from)} is not in what was recorded`)
    return changed
  }, recorded)
}
