import { Controller, Get, Header } from '@nestjs/common'

/** The texts a load balancer looks for (D3-43, D3-44). */
@Controller('upload')
export class UploadHealthController {
  @Get('health')
  @Header('content-type', 'text/plain; charset=utf-8')
  health(): string {
    return 'upload ok'
  }
}

@Controller('download')
export class DownloadHealthController {
  @Get('health')
  @Header('content-type', 'text/plain; charset=utf-8')
  health(): string {
    return 'download ok'
  }
}
