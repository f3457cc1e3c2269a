/** Another worker has taken the job over: this one stops without a trace. */
export class Superseded extends Error {
  override readonly name = 'Superseded'

  /** @param current what a fenced write of the job log answered */
  static unless(current: boolean): void {
    if (!current) throw new Superseded('The job belongs to a later attempt.')
  }
}
