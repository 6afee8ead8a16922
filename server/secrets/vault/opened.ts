/** What was opened lately, so that a call need not open its secrets again: bounded, and forgotten with what it lay in. */
export interface Place {
  org: string
  name: string
}

/** An envelope, and all that it is bound to. */
export interface Lain {
  place: string
  box: string
}

export interface Opened {
  /** Opens by `work` what is not known to have lain there in this very envelope. */
  open(at: Place, lain: Lain, work: () => string): string
  forget(at: Place): void
}

export interface OpenedOfKinds {
  of(kind: string): Opened
  forgetAll(): void
}

/** Together they bound the memory: code of functions is longer, and is read once in a while. */
const maxCount = 500
const maxLength = 64 * 1024

export function createOpened(): OpenedOfKinds {
  /** Those used last come last. */
  const known = new Map<string, Lain & { text: string }>()

  const remember = (key: string, opened: Lain & { text: string }): void => {
    known.delete(key)
    if (opened.text.length > maxLength) return
    known.set(key, opened)
    const [oldest] = known.keys()
    if (known.size > maxCount && oldest !== undefined) known.delete(oldest)
  }

  return {
    of: kind => {
      const keyOf = ({ org, name }: Place): string => JSON.stringify([kind, org, name])
      return {
        open: (at, { place, box }, work) => {
          const key = keyOf(at)
          const found = known.get(key)
          const text = found?.box === box && found.place === place ? found.text : work()
          remember(key, { place, box, text })
          return text
        },
        forget: at => void known.delete(keyOf(at)),
      }
    },
    forgetAll: () => known.clear(),
  }
}
