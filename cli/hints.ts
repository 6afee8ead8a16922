/** Owns what a person is told below an error of the server: what to do next. Scripts do not get it. */
import type { ApiFailure } from './failure.ts'

interface Hint {
  /** The command behind `dispatch`, by the names of its words. */
  readonly command: RegExp
  /** Of the error. */
  readonly code: string
  readonly message?: RegExp
  /** `$1` stands for what the command's first group matched. */
  readonly text: string
}

/** The first one that fits counts. */
const hints: readonly Hint[] = [
  {
    command: /^create function$/,
    code: '409',
    text: 'Note: to change what is there: dispatch update function NAME PATH',
  },
  {
    command: /^create seed-images$/,
    code: '409',
    text: 'Note: to change what is there: dispatch apply seed-images',
  },
  {
    command: /^iam create user$/,
    code: '409',
    text: 'Note: to give it another password: dispatch iam set-password NAME',
  },
  {
    command: /^iam create token$/,
    code: '409',
    text: 'Note: tokens are not changed: choose another name, or first dispatch iam delete token NAME',
  },
  { command: /^(?:iam )?create (\S+)$/, code: '409', text: 'Note: to change what is there: dispatch edit $1 NAME' },
  { command: /^create$/, code: '409', text: 'Note: to change what is there, too: dispatch apply -f FILE' },
  {
    command: /^(?:create|update) subscription$/,
    code: '605',
    message: /^eventType /,
    text: 'Note: name a type: --event-type user.created, or user.* for all that begin so',
  },
  {
    command: /^(?:run|exec)$/,
    code: '404',
    message: / is not READY$/,
    text: 'Note: why: dispatch describe function NAME',
  },
  {
    command: /^iam create serviceaccount$/,
    code: '400',
    text: 'Note: it takes an RSA key: openssl genrsa -out NAME.pem 4096 && openssl rsa -in NAME.pem -pubout -out NAME.pub',
  },
  {
    // These are where one says who one is.
    command: /^(?!login$|iam set-password$)/,
    code: '401',
    text: 'Note: log in by dispatch login, or see --token and --service-account',
  },
  {
    command: /^iam /,
    code: '501',
    text: 'Note: this server knows no identities, it lets everybody in: it is older than they are',
  },
  {
    command: /./,
    code: '602',
    message: /^X-Dispatch-Org /,
    text: 'Note: name an organization: --organization, DISPATCH_ORGANIZATION, or in the context',
  },
]

/** `path` are the names of the commands that led there, `dispatch` first. */
export function findHint([, ...path]: readonly string[], { code, text }: ApiFailure): string | undefined {
  const command = path.join(' ')
  const fits = (hint: Hint) => hint.code === code && hint.command.test(command) && (hint.message?.test(text) ?? true)
  const found = hints.find(fits)
  return found?.text.replace('$1', found.command.exec(command)?.[1] ?? '')
}
