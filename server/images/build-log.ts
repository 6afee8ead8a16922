/** What a build of an image tells while it goes on: the port of builders, and what is kept of a build. */
import type { Entity } from '../core/entity.ts'
import type { LogStream } from '../core/execution.ts'
import type { Image } from './schema.ts'

export type BuiltImage = Pick<Image, 'id' | 'org' | 'name'>

export type BuildResult = { ok: true } | { ok: false; reason: string }

export interface BuildLines {
  /** A line as it was printed, without its end. Credentials must not be in it. */
  line(stream: LogStream, text: string): void
  /** Nothing more comes. Repeated, harmless. */
  end(result: BuildResult): void
}

export interface BuildLog {
  begin(image: BuiltImage): BuildLines
}

export interface BuildLine {
  /** 1 for the first line of the build, whichever its stream. */
  number: number
  stream: LogStream
  line: string
  /** Digits of Unix nanoseconds. */
  timeNs: string
}

/** The last build of an image that has ended, under the image's name. `id` is of the build, `status` its result. */
export interface BuildRecord extends Entity {
  imageId: string
  /** Those at the end, when not all are kept. */
  lines: readonly BuildLine[]
  endedNs: string
}
