"""The HTTP API, put together: its routers, its errors, its OpenAPI document. No page of documentation is public."""

from ninja import NinjaAPI

from canbo.api import documents, facts_writing, faults, imports, indicators, organisations, own, snapshots

api = NinjaAPI(
    title="CanBo",
    version="1",
    description="Cán bộ, đơn vị, chỉ tiêu, bản niêm phong và nhập dữ liệu. Mọi lỗi có dạng {message, findings}.",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
faults.connect(api)
for part in (facts_writing, organisations, documents, indicators, snapshots, imports, own):
    api.add_router("", part.router)
