import { writeFile } from 'node:fs/promises'
import { setPriority } from 'node:os'

/** Lets others on the machine have the processor before a process that leads a session of its own. Linux schedules such
 *  a session as a group (sched(7)): then being nice inside of it changes nothing, but the group can be.
 *  @param nice 1 … 19, the last is for what only takes what nobody wants */
export async function stepBack(pid: number, nice: number): Promise<void> {
  try {
    setPriority(pid, nice)
    await writeFile(`/proc/${pid}/autogroup`, String(nice))
  } catch {
    // Another system, a kernel without groups, or a program that has ended already.
  }
}
