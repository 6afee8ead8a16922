/** The latest time stamp of any file in the appliance: what the caller's SOURCE_DATE_EPOCH says, or the base's own. */
import { HostUnfit } from './host.ts'

/** 1980, before which the EFI partition's file system has no times, and what an unsigned number of 32 bits holds. */
const limits = { min: 315_532_800, max: 2 ** 32 - 1 }

/** @param given seconds since 1970, as https://reproducible-builds.org/specs/source-date-epoch/ has them */
export function parseEpoch(given: string | undefined, own: number): number {
  if (!given) return own
  const epoch = /^\d+$/.test(given) ? Number(given) : Number.NaN
  if (epoch >= limits.min && epoch <= limits.max) return epoch
  throw new HostUnfit(
    `SOURCE_DATE_EPOCH takes whole seconds since 1970, from ${limits.min} to ${limits.max}, not '${given}'. Set it so, or unset it.`,
  )
}
