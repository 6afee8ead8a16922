/** Holds the chunks of a frame that is not whole yet, in memory in proportion to their bytes. */

/** What is smaller is joined: beside a few bytes, a chunk on its own takes some hundred more. */
const blockBytes = 4096

export interface Hold {
  readonly bytes: number
  /** Returns how many bytes it holds by now. */
  add(chunk: Buffer): number
  /** All of it as one; nothing is held afterwards. */
  take(): Buffer
}

/** Each byte is copied twice at most: once when its chunk is small, and once when all are joined. */
export function createHold(): Hold {
  let blocks: Buffer[] = []
  let bytes = 0
  let block: Buffer | undefined
  let used = 0

  function closeBlock(): void {
    if (block) blocks.push(block.subarray(0, used))
    block = undefined
    used = 0
  }

  function join(chunk: Buffer): void {
    if (used + chunk.length > blockBytes) closeBlock()
    // Of its own memory: a piece of a shared one would keep the whole of that.
    block ??= Buffer.allocUnsafeSlow(blockBytes)
    used += chunk.copy(block, used)
  }

  return {
    get bytes() {
      return bytes
    },
    add: chunk => {
      if (chunk.length < blockBytes) join(chunk)
      else {
        closeBlock()
        blocks.push(chunk)
      }
      bytes += chunk.length
      return bytes
    },
    take: () => {
      closeBlock()
      const all = Buffer.concat(blocks, bytes)
      blocks = []
      bytes = 0
      return all
    },
  }
}
