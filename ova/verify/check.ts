/** What verification says: claims, and for each the places where the file breaks it. */
export interface Finding {
  /** The member of the archive, or the archive's own file name. */
  member: string
  /** Byte offset within that member, or within the archive. */
  offset: number
  problem: string
  expected: string
}

export interface Check {
  claim: string
  /** Empty when the claim holds. */
  findings: Finding[]
}

export type Report = (offset: number, problem: string, expected: string) => void

/** A file broken everywhere is described well enough by its first places. */
const maxFindings = 20

export function createCheck(claim: string): Check {
  return { claim, findings: [] }
}

/** A reporter of one check for one member. */
export function reportTo(check: Check, member: string): Report {
  return (offset, problem, expected) => {
    if (check.findings.length < maxFindings) check.findings.push({ member, offset, problem, expected })
  }
}

/** Text from inside the file, made safe for a terminal and short. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text).replace(/[\u007f-\u009f]/g, '?')
}

export function renderFinding({ member, offset, problem, expected }: Finding): string {
  return `${quote(member).slice(1, -1)} at byte ${offset}: ${problem}; expected ${expected}`
}
