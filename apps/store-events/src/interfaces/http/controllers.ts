import { StoreEventsController } from './store-events.controller.ts'

export const controllers = [StoreEventsController]
