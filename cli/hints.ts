/** Owns what a person is told below an error of the server: what to do next. Scripts do not get it. */

interface Hint {
  /** The command line begins so, behind `dispatch`. */
  readonly words: readonly string[]
  /** Of the error. */
  readonly code: string
  readonly text: string
}

const hints: readonly Hint[] = [
  {
    words: ['create', 'function'],
    code: '409',
    text: 'Note: to change what is there: dispatch update function NAME PATH',
  },
  { words: ['iam'], code: '501', text: 'Note: this server has no identities yet: it lets everybody in' },
]

/** `path` are the names of the commands that led there, `dispatch` first. */
export const findHint = ([, ...path]: readonly string[], code: string): string | undefined =>
  hints.find(hint => hint.code === code && hint.words.every((word, index) => path[index] === word))?.text
