import { sqlContract } from '@balcao/testing'

sqlContract('PostgreSQL 15')
