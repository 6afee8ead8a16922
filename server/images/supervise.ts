/** Gives a build its time, what it prints a form that anybody may read, and its failure what the failing step has printed. */
import { BuildFailure } from './build-failure.ts'
import type { Build, BuildTools } from './builds.ts'
import { cleanLine, createTranscript } from './transcript.ts'

export const supervise =
  (build: Build, timeoutMs: number): Build =>
  async (request, { onLine, signal }) => {
    const transcript = createTranscript()
    const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const tell: BuildTools['onLine'] = (stream, line) => {
      const clean = cleanLine(line)
      transcript.add(clean)
      onLine(stream, clean)
    }
    try {
      await build(request, { onLine: tell, signal: limited })
    } catch (thrown) {
      const cause = isTimeout(limited)
        ? tooLong(timeoutMs)
        : thrown instanceof BuildFailure
          ? thrown.message
          : undefined
      throw cause === undefined ? thrown : new BuildFailure(cause, transcript.failingStep())
    }
  }

const isTimeout = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && reason instanceof DOMException && reason.name === 'TimeoutError'

const tooLong = (timeoutMs: number): string => `it took longer than the ${timeoutMs / 1000} s of build-timeout`
