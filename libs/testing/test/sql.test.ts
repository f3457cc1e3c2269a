import { sqlContract } from '@balcao/testing'

sqlContract('the PostgreSQL of this run')
