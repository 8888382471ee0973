using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VClusterManager.Server.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "api_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    hash = table.Column<string>(type: "text", nullable: false),
                    hint = table.Column<string>(type: "text", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    identity = table.Column<string>(type: "text", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    limits = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: true),
                    last_used_at = table.Column<long>(type: "bigint", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_api_keys", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    principal = table.Column<string>(type: "text", nullable: true),
                    source = table.Column<string>(type: "text", nullable: true),
                    address = table.Column<string>(type: "text", nullable: true),
                    action = table.Column<string>(type: "text", nullable: false),
                    @namespace = table.Column<string>(name: "namespace", type: "text", nullable: true),
                    target = table.Column<string>(type: "text", nullable: true),
                    result = table.Column<string>(type: "text", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: true),
                    request_id = table.Column<string>(type: "text", nullable: false),
                    count = table.Column<int>(type: "integer", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "clusters",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    @namespace = table.Column<string>(name: "namespace", type: "text", nullable: false),
                    desired = table.Column<string>(type: "text", nullable: false),
                    phase = table.Column<string>(type: "text", nullable: false),
                    message = table.Column<string>(type: "text", nullable: false),
                    generation = table.Column<long>(type: "bigint", nullable: false),
                    observed_generation = table.Column<long>(type: "bigint", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    row_version = table.Column<long>(type: "bigint", nullable: false),
                    kubernetes_version = table.Column<string>(type: "text", nullable: false),
                    kubernetes_image_tag = table.Column<string>(type: "text", nullable: false),
                    values_json = table.Column<string>(type: "text", nullable: true),
                    labels = table.Column<string>(type: "text", nullable: false),
                    ttl_hours = table.Column<int>(type: "integer", nullable: true),
                    expires_at = table.Column<long>(type: "bigint", nullable: true),
                    @protected = table.Column<bool>(name: "protected", type: "boolean", nullable: false),
                    expiry_warning = table.Column<long>(type: "bigint", nullable: true),
                    sleep_after = table.Column<long>(type: "bigint", nullable: true),
                    sleep_schedule = table.Column<string>(type: "text", nullable: true),
                    schedule_seen_at = table.Column<long>(type: "bigint", nullable: true),
                    sleep_cause = table.Column<string>(type: "text", nullable: true),
                    last_used_at = table.Column<long>(type: "bigint", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    owner = table.Column<string>(type: "text", nullable: true),
                    source = table.Column<string>(type: "text", nullable: false),
                    may_use_foreign_namespace = table.Column<bool>(type: "boolean", nullable: false),
                    installed = table.Column<bool>(type: "boolean", nullable: false),
                    keep_volumes = table.Column<bool>(type: "boolean", nullable: false),
                    force_delete = table.Column<bool>(type: "boolean", nullable: false),
                    endpoint = table.Column<string>(type: "text", nullable: true),
                    current_operation_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    deleted_at = table.Column<long>(type: "bigint", nullable: true),
                    deleted_by = table.Column<string>(type: "text", nullable: true),
                    deleted_reason = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_clusters", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "counters",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_counters", x => x.name);
                }
            );

            migrationBuilder.CreateTable(
                name: "feed",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    type = table.Column<string>(type: "text", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    @namespace = table.Column<string>(name: "namespace", type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    owner = table.Column<string>(type: "text", nullable: true),
                    data = table.Column<string>(type: "text", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_feed", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    principal = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    request_hash = table.Column<string>(type: "text", nullable: false),
                    status_code = table.Column<int>(type: "integer", nullable: false),
                    location = table.Column<string>(type: "text", nullable: true),
                    body = table.Column<string>(type: "text", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_idempotency_keys", x => new { x.principal, x.key });
                }
            );

            migrationBuilder.CreateTable(
                name: "pull_requests",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    repository = table.Column<string>(type: "text", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    is_open = table.Column<bool>(type: "boolean", nullable: false),
                    facts_at = table.Column<long>(type: "bigint", nullable: false),
                    head_sha = table.Column<string>(type: "text", nullable: false),
                    head_branch = table.Column<string>(type: "text", nullable: false),
                    base_branch = table.Column<string>(type: "text", nullable: false),
                    is_fork = table.Column<bool>(type: "boolean", nullable: false),
                    is_draft = table.Column<bool>(type: "boolean", nullable: false),
                    author = table.Column<string>(type: "text", nullable: true),
                    association = table.Column<string>(type: "text", nullable: true),
                    labels = table.Column<string>(type: "text", nullable: false),
                    member_labels = table.Column<string>(type: "text", nullable: false),
                    url = table.Column<string>(type: "text", nullable: true),
                    opened_wish = table.Column<long>(type: "bigint", nullable: false),
                    updated_wish = table.Column<long>(type: "bigint", nullable: false),
                    served = table.Column<long>(type: "bigint", nullable: false),
                    previous_cluster = table.Column<Guid>(type: "uuid", nullable: true),
                    ended = table.Column<bool>(type: "boolean", nullable: false),
                    cluster_name = table.Column<string>(type: "text", nullable: true),
                    rule = table.Column<string>(type: "text", nullable: true),
                    message = table.Column<string>(type: "text", nullable: false),
                    last_delivery = table.Column<Guid>(type: "uuid", nullable: true),
                    comment_id = table.Column<string>(type: "text", nullable: true),
                    comment_hash = table.Column<string>(type: "text", nullable: true),
                    status_told = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_pull_requests", x => x.key);
                }
            );

            migrationBuilder.CreateTable(
                name: "settings",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false),
                    value = table.Column<string>(type: "text", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_settings", x => x.name);
                }
            );

            migrationBuilder.CreateTable(
                name: "usage_spans",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    @namespace = table.Column<string>(name: "namespace", type: "text", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    owner = table.Column<string>(type: "text", nullable: true),
                    source = table.Column<string>(type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    started_at = table.Column<long>(type: "bigint", nullable: false),
                    ended_at = table.Column<long>(type: "bigint", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_usage_spans", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "webhook_deliveries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    provider = table.Column<string>(type: "text", nullable: false),
                    delivery_id = table.Column<string>(type: "text", nullable: false),
                    @event = table.Column<string>(name: "event", type: "text", nullable: false),
                    content_type = table.Column<string>(type: "text", nullable: false),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    size = table.Column<int>(type: "integer", nullable: false),
                    received_at = table.Column<long>(type: "bigint", nullable: false),
                    verdict = table.Column<string>(type: "text", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    pull_request = table.Column<string>(type: "text", nullable: true),
                    processed_at = table.Column<long>(type: "bigint", nullable: true),
                    replays = table.Column<int>(type: "integer", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_webhook_deliveries", x => x.id);
                }
            );

            migrationBuilder.CreateTable(
                name: "work_items",
                columns: table => new
                {
                    kind = table.Column<string>(type: "text", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false),
                    due_at = table.Column<long>(type: "bigint", nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    interrupt_revision = table.Column<long>(type: "bigint", nullable: false),
                    claimed_by = table.Column<string>(type: "text", nullable: true),
                    claim_until = table.Column<long>(type: "bigint", nullable: true),
                    epoch = table.Column<long>(type: "bigint", nullable: false),
                    trace_parent = table.Column<string>(type: "text", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_work_items", x => new { x.kind, x.key });
                }
            );

            migrationBuilder.CreateTable(
                name: "cluster_activity",
                columns: table => new
                {
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cluster_activity", x => x.cluster_id);
                    table.ForeignKey(
                        name: "fk_cluster_activity_clusters_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "clusters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "cluster_events",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false),
                    message = table.Column<string>(type: "text", nullable: false),
                    actor = table.Column<string>(type: "text", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cluster_events", x => x.id);
                    table.ForeignKey(
                        name: "fk_cluster_events_clusters_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "clusters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "cluster_tokens",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    hash = table.Column<string>(type: "text", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false),
                    identity = table.Column<string>(type: "text", nullable: false),
                    source = table.Column<string>(type: "text", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false),
                    limits = table.Column<string>(type: "text", nullable: true),
                    key_id = table.Column<Guid>(type: "uuid", nullable: true),
                    is_configured = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_cluster_tokens", x => x.id);
                    table.ForeignKey(
                        name: "fk_cluster_tokens_clusters_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "clusters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "operations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_id = table.Column<Guid>(type: "uuid", nullable: false),
                    cluster_name = table.Column<string>(type: "text", nullable: false),
                    @namespace = table.Column<string>(name: "namespace", type: "text", nullable: false),
                    kind = table.Column<string>(type: "text", nullable: false),
                    generation = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "text", nullable: false),
                    message = table.Column<string>(type: "text", nullable: false),
                    steps = table.Column<string>(type: "text", nullable: false),
                    cancel_requested = table.Column<bool>(type: "boolean", nullable: false),
                    created_by = table.Column<string>(type: "text", nullable: false),
                    trace_parent = table.Column<string>(type: "text", nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    started_at = table.Column<long>(type: "bigint", nullable: true),
                    finished_at = table.Column<long>(type: "bigint", nullable: true),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operations", x => x.id);
                    table.ForeignKey(
                        name: "fk_operations_clusters_cluster_id",
                        column: x => x.cluster_id,
                        principalTable: "clusters",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateTable(
                name: "operation_log",
                columns: table => new
                {
                    operation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    stream = table.Column<string>(type: "text", nullable: false),
                    text = table.Column<string>(type: "text", nullable: false),
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_operation_log", x => new { x.operation_id, x.sequence });
                    table.ForeignKey(
                        name: "fk_operation_log_operations_operation_id",
                        column: x => x.operation_id,
                        principalTable: "operations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade
                    );
                }
            );

            migrationBuilder.CreateIndex(name: "ix_api_keys_hash", table: "api_keys", column: "hash", unique: true);

            migrationBuilder.CreateIndex(name: "ux_api_keys_name", table: "api_keys", column: "name", unique: true);

            migrationBuilder.CreateIndex(name: "ix_audit_at_id", table: "audit", columns: new[] { "at", "id" });

            migrationBuilder.CreateIndex(name: "ix_cluster_events_at", table: "cluster_events", column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_cluster_events_cluster_id_at",
                table: "cluster_events",
                columns: new[] { "cluster_id", "at" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_cluster_tokens_cluster_id",
                table: "cluster_tokens",
                column: "cluster_id"
            );

            migrationBuilder.CreateIndex(
                name: "ix_cluster_tokens_expires_at",
                table: "cluster_tokens",
                column: "expires_at"
            );

            migrationBuilder.CreateIndex(
                name: "ix_cluster_tokens_hash",
                table: "cluster_tokens",
                column: "hash",
                unique: true
            );

            migrationBuilder.CreateIndex(
                name: "ix_clusters_created_at_id",
                table: "clusters",
                columns: new[] { "created_at", "id" }
            );

            migrationBuilder.CreateIndex(name: "ix_clusters_expires_at", table: "clusters", column: "expires_at");

            migrationBuilder.CreateIndex(name: "ix_clusters_owner", table: "clusters", column: "owner");

            migrationBuilder.CreateIndex(name: "ix_clusters_updated_at", table: "clusters", column: "updated_at");

            migrationBuilder.CreateIndex(
                name: "ux_clusters_namespace",
                table: "clusters",
                column: "namespace",
                unique: true,
                filter: "deleted_at IS NULL"
            );

            migrationBuilder.CreateIndex(
                name: "ux_clusters_namespace_name",
                table: "clusters",
                columns: new[] { "namespace", "name" },
                unique: true,
                filter: "deleted_at IS NULL"
            );

            migrationBuilder.CreateIndex(name: "ix_feed_at", table: "feed", column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_idempotency_keys_expires_at",
                table: "idempotency_keys",
                column: "expires_at"
            );

            migrationBuilder.CreateIndex(
                name: "ix_operations_cluster_id_created_at",
                table: "operations",
                columns: new[] { "cluster_id", "created_at" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_operations_created_at_id",
                table: "operations",
                columns: new[] { "created_at", "id" }
            );

            migrationBuilder.CreateIndex(name: "ix_operations_state", table: "operations", column: "state");

            migrationBuilder.CreateIndex(
                name: "ix_pull_requests_provider_repository",
                table: "pull_requests",
                columns: new[] { "provider", "repository" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_pull_requests_updated_at",
                table: "pull_requests",
                column: "updated_at"
            );

            migrationBuilder.CreateIndex(
                name: "ix_usage_spans_cluster_id",
                table: "usage_spans",
                column: "cluster_id",
                filter: "ended_at IS NULL"
            );

            migrationBuilder.CreateIndex(
                name: "ix_usage_spans_ended_at_started_at",
                table: "usage_spans",
                columns: new[] { "ended_at", "started_at" }
            );

            migrationBuilder.CreateIndex(
                name: "ix_webhook_deliveries_received_at_id",
                table: "webhook_deliveries",
                columns: new[] { "received_at", "id" }
            );

            migrationBuilder.CreateIndex(
                name: "ux_webhook_deliveries_provider_delivery_id",
                table: "webhook_deliveries",
                columns: new[] { "provider", "delivery_id" },
                unique: true
            );

            migrationBuilder.CreateIndex(name: "ix_work_items_due_at", table: "work_items", column: "due_at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "api_keys");

            migrationBuilder.DropTable(name: "audit");

            migrationBuilder.DropTable(name: "cluster_activity");

            migrationBuilder.DropTable(name: "cluster_events");

            migrationBuilder.DropTable(name: "cluster_tokens");

            migrationBuilder.DropTable(name: "counters");

            migrationBuilder.DropTable(name: "feed");

            migrationBuilder.DropTable(name: "idempotency_keys");

            migrationBuilder.DropTable(name: "operation_log");

            migrationBuilder.DropTable(name: "pull_requests");

            migrationBuilder.DropTable(name: "settings");

            migrationBuilder.DropTable(name: "usage_spans");

            migrationBuilder.DropTable(name: "webhook_deliveries");

            migrationBuilder.DropTable(name: "work_items");

            migrationBuilder.DropTable(name: "operations");

            migrationBuilder.DropTable(name: "clusters");
        }
    }
}
