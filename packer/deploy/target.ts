/** What a deployment is made of: what the .ova is, what is asked for, and a tool that people have, with its commands. */
import type { Command } from '../shell.ts'

/** What is in an .ova, as far as a deployment goes by it. */
export type Ova = {
  readonly path: string
  /** Names of members. */
  readonly descriptor: string
  readonly disk: string
  readonly network: string
  readonly diskBytes: number
  /** Keys of its OVF properties. */
  readonly properties: readonly string[]
}

export type Wishes = {
  readonly name: string
  readonly cpus?: number
  readonly memoryMib?: number
  readonly diskGib?: number
  readonly start: boolean
  /** What the target's own flags say, by their names. */
  readonly flags: Readonly<Record<string, string>>
  readonly accelerator: 'kvm' | 'tcg'
  /** An empty folder for what is unpacked on the way; who runs the plan removes it, however that ends. */
  readonly workDir: string
}

export type DeployStep = {
  readonly command: Command
  /** For its standard input, where no other user of the machine can read it. */
  readonly input?: string
}

export type Flag = {
  /** What stands for its value in the help. */
  readonly value: string
  readonly help: string
  /** It must be given unless this is set. */
  readonly optional?: true
  /** A whole number above zero. */
  readonly isCount?: true
  /** A path on this machine, made absolute for the tool. */
  readonly isPath?: true
}

export type Target = {
  readonly tool: string
  /** How to get the tool, as an imperative. */
  readonly advice: string
  /** Its own flags. */
  readonly flags: Readonly<Record<string, Flag>>
  /** Variables of the environment that the tool cannot do without. */
  readonly environment?: readonly string[]
  plan(ova: Ova, wishes: Wishes): DeployStep[]
}

/** Something only its caller can put right; nothing was begun. */
export class DeployRefused extends Error {
  override readonly name = 'DeployRefused'
}

/** `--flag value` for each value that there is. */
export const optional = (values: Readonly<Record<string, string | number | undefined>>): Command =>
  Object.entries(values).flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]))
