import { AccountController } from './account.controller.ts'
import { DevMailboxController } from './dev-mailbox.controller.ts'
import { SessionController } from './session.controller.ts'
import { SignInController } from './sign-in.controller.ts'

export const controllers = [AccountController, SignInController, SessionController, DevMailboxController]
