/** What botocore's service model says of a shape. */
export interface Shape {
  readonly type: string
  readonly required?: readonly string[]
  /** Name to shape. */
  readonly members?: Readonly<Record<string, string>>
  readonly member?: string
  readonly key?: string
  readonly value?: string
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly enum?: readonly string[]
}

export interface ServiceModel {
  /** `signed`: callers must sign with the pool's access key (SigV4). */
  readonly operations: Readonly<Record<string, { readonly input: string; readonly signed: boolean }>>
  readonly shapes: Readonly<Record<string, Shape>>
}
