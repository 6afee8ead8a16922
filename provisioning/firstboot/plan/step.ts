/** The words of a plan: what is to be on the machine, what is found there, and what is run. */
import type { Login } from '../settings.ts'

/** Written only where it differs. */
export interface FileStep {
  readonly kind: 'file'
  readonly path: string
  readonly text: string
  readonly mode: number
  /** Names of accounts and groups. */
  readonly owner: string
  readonly group: string
  /** Nobody shows its text. */
  readonly secret?: true
  /** For people. */
  readonly why: string
}

export interface AbsentStep {
  readonly kind: 'absent'
  readonly path: string
  readonly why: string
}

export interface CommandStep {
  readonly kind: 'command'
  readonly argv: readonly string[]
  /** Secret, always. */
  readonly stdin?: string
  /** Whose it sets. */
  readonly password?: Login
  /** `always`, or when one of these files, or one below a folder that ends with `/`, was written or removed since it last went well. */
  readonly when: 'always' | readonly string[]
  readonly why: string
}

/** In the order of a plan, but all files come before all commands. */
export type Step = FileStep | AbsentStep | CommandStep

/** A real network card. */
export interface Link {
  readonly name: string
  /** `00:0c:29:aa:bb:cc`: the card's own address, where it has one. */
  readonly mac: string
  /** `vmxnet3` */
  readonly driver: string
}

/** What is found on the machine. */
export interface Facts {
  /** Debian and what is made from it, or others. */
  readonly base: 'debian' | 'other'
  /** In the order of their places on the bus. */
  readonly links: readonly Link[]
  readonly hostName: string
  /** Accounts that exist and have a password. */
  readonly passwords: readonly Login[]
  /** Names of files of authorities that a plan has put there before: `appliance-0123456789ab.crt`. */
  readonly authorityFiles: readonly string[]
}

type Text = { readonly path: string; readonly text: string; readonly why: string }

/** A file of root's that everybody may read. */
export const planFile = ({ path, text, why }: Text): FileStep => ({
  ...{ kind: 'file', path, text, why },
  ...{ mode: 0o644, owner: 'root', group: 'root' },
})

/** A file that root alone may read. */
export const planSecretFile = (text: Text): FileStep => ({ ...planFile(text), mode: 0o600, secret: true })

export const planAbsent = (path: string, why: string): AbsentStep => ({ kind: 'absent', path, why })

/** What a file without lines is not needed for. */
export const planLines = (path: string, lines: readonly string[], why: string): FileStep | AbsentStep =>
  lines.length === 0 ? planAbsent(path, why) : planFile({ path, text: renderLines(lines), why })

export const renderLines = (lines: readonly string[]): string => lines.map(line => `${line}\n`).join('')

/**
 * The unit that is ordered after the other one stands first: systemd then stops it, restarts the other, and starts it again.
 * `try`: what does not run yet reads its files when it starts; what is starting is started again. Not waited for: some
 * start only after whoever applies the plan.
 */
export const planRestart = (units: readonly string[], when: readonly string[]): CommandStep => ({
  ...{ kind: 'command', argv: ['systemctl', '--no-block', 'try-restart', ...units], when },
  why: 'where it runs, it reads its files anew',
})
