/** Numbers of 32 bits as they stand in a table, big end first. Grows: a film of two hours has some hundred thousands. */
export class NumberList {
  #bytes = Buffer.alloc(4096)
  #length = 0

  /** @param value −2³¹ … 2³² − 1 */
  push(value: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = Buffer.alloc(2 * this.#bytes.length)
      this.#bytes.copy(larger)
      this.#bytes = larger
    }
    this.#bytes.writeInt32BE(value | 0, this.#length)
    this.#length += 4
  }

  /** How many. */
  get length(): number {
    return this.#length / 4
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }
}

/** Values and how often each comes in a row, the count first, as `stts` and `ctts` have them (§8.6.1). */
export class RunList {
  readonly #runs = new NumberList()
  #value = 0
  #count = 0

  push(value: number): void {
    if (this.#count > 0 && value !== this.#value) this.#flush()
    this.#value = value
    this.#count++
  }

  /** The table: how many entries, and the entries. Nothing comes after it. */
  end(): Buffer {
    if (this.#count > 0) this.#flush()
    const count = Buffer.alloc(4)
    count.writeUInt32BE(this.#runs.length / 2)
    return Buffer.concat([count, this.#runs.bytes])
  }

  #flush(): void {
    this.#runs.push(this.#count)
    this.#runs.push(this.#value)
    this.#count = 0
  }
}
