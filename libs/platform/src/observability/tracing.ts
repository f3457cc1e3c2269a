import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

/** Sends this process's spans by OTLP/HTTP. Without it (or without an endpoint) spans cost and do nothing.
 *  @param process its name among the others, as shown in the trace */
export function startTracing(otlpEndpoint: string | undefined, process: string): { close(): Promise<void> } {
  if (!otlpEndpoint) return { close: async () => undefined }
  const exporter = new OTLPTraceExporter({ url: `${otlpEndpoint}/v1/traces`, timeoutMillis: 3000 })
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `balcao-${process}` }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  return {
    close: async () => {
      // A collector that is away must not keep a process from ending well.
      await provider.shutdown().catch(() => undefined)
      trace.disable()
      context.disable()
    },
  }
}
