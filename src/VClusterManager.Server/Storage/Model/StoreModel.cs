using Microsoft.EntityFrameworkCore;
using VClusterManager.Server.Identity;

namespace VClusterManager.Server.Storage.Model;

/// <summary>Tables, keys and indexes. Names are snake_case by convention; those that code refers to are spelled out.</summary>
internal static class StoreModel
{
    private const string NotDeleted = "deleted_at IS NULL";

    public static void DescribeValues(ModelConfigurationBuilder values)
    {
        values.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
        values.Properties<TimeSpan>().HaveConversion<SpanTicks>();
        values.Properties<DesiredState>().HaveConversion<EnumWord<DesiredState>>();
        values.Properties<ClusterPhase>().HaveConversion<EnumWord<ClusterPhase>>();
        values.Properties<SleepCause>().HaveConversion<EnumWord<SleepCause>>();
        values.Properties<UsageKind>().HaveConversion<EnumWord<UsageKind>>();
        values.Properties<OperationKind>().HaveConversion<EnumWord<OperationKind>>();
        values.Properties<OperationState>().HaveConversion<EnumWord<OperationState>>();
        values.Properties<Role>().HaveConversion<EnumWord<Role>>();
        values.Properties<WebhookVerdict>().HaveConversion<EnumWord<WebhookVerdict>>();
        values.Properties<AuditResult>().HaveConversion<EnumWord<AuditResult>>();
    }

    public static void Describe(ModelBuilder model)
    {
        DescribeClusters(model);
        DescribeOperations(model);
        DescribeOthers(model);
        DescribeWebhooks(model);
    }

    private static void DescribeClusters(ModelBuilder model)
    {
        var cluster = model.Entity<ClusterRow>();
        cluster.ToTable("clusters");
        cluster.HasKey(row => row.Id).HasName("pk_clusters");
        cluster.Property(row => row.Id).ValueGeneratedNever();
        cluster.Property(row => row.RowVersion).IsConcurrencyToken();
        cluster.Property(row => row.Labels).HasConversion(JsonText.Labels, JsonText.LabelsComparer);

        cluster
            .HasIndex(row => new { row.Namespace, row.Name })
            .IsUnique()
            .HasFilter(NotDeleted)
            .HasDatabaseName(Constraints.ClusterName);
        cluster
            .HasIndex(row => row.Namespace)
            .IsUnique()
            .HasFilter(NotDeleted)
            .HasDatabaseName(Constraints.ClusterNamespace);
        cluster.HasIndex(row => new { row.CreatedAt, row.Id });
        cluster.HasIndex(row => row.ExpiresAt);
        cluster.HasIndex(row => row.Owner);
        cluster.HasIndex(row => row.UpdatedAt);

        var happened = model.Entity<ClusterEventRow>();
        happened.ToTable("cluster_events");
        happened.Property(row => row.Id).ValueGeneratedNever();
        happened.HasOne<ClusterRow>().WithMany().HasForeignKey(row => row.ClusterId).OnDelete(DeleteBehavior.Cascade);
        happened.HasIndex(row => new { row.ClusterId, row.At });
        happened.HasIndex(row => row.At);
    }

    private static void DescribeOperations(ModelBuilder model)
    {
        var operation = model.Entity<OperationRow>();
        operation.ToTable("operations");
        operation.Property(row => row.Id).ValueGeneratedNever();
        operation.Property(row => row.Steps).HasConversion(JsonText.Steps, JsonText.StepsComparer);
        operation.HasOne<ClusterRow>().WithMany().HasForeignKey(row => row.ClusterId).OnDelete(DeleteBehavior.Cascade);
        operation.HasIndex(row => new { row.ClusterId, row.CreatedAt });
        operation.HasIndex(row => new { row.CreatedAt, row.Id });
        operation.HasIndex(row => row.State);

        var line = model.Entity<OperationLogRow>();
        line.ToTable("operation_log");
        line.HasKey(row => new { row.OperationId, row.Sequence }).HasName(Constraints.OperationLogSequence);
        line.Property(row => row.Sequence).ValueGeneratedNever();
        line.HasOne<OperationRow>().WithMany().HasForeignKey(row => row.OperationId).OnDelete(DeleteBehavior.Cascade);
    }

    private static void DescribeWebhooks(ModelBuilder model)
    {
        var delivery = model.Entity<WebhookDeliveryRow>();
        delivery.ToTable("webhook_deliveries");
        delivery.Property(row => row.Id).ValueGeneratedNever();
        delivery
            .HasIndex(row => new { row.Provider, row.DeliveryId })
            .IsUnique()
            .HasDatabaseName(Constraints.WebhookDelivery);
        delivery.HasIndex(row => new { row.ReceivedAt, row.Id });

        var pull = model.Entity<PullRequestRow>();
        pull.ToTable("pull_requests");
        pull.HasKey(row => row.Key).HasName(Constraints.PullRequest);
        pull.Property(row => row.Version).IsConcurrencyToken();
        pull.Property(row => row.Labels).HasConversion(JsonText.Texts, JsonText.TextsComparer);
        pull.Property(row => row.MemberLabels).HasConversion(JsonText.Texts, JsonText.TextsComparer);
        pull.HasIndex(row => new { row.Provider, row.Repository });
        pull.HasIndex(row => row.UpdatedAt);
    }

    private static void DescribeOthers(ModelBuilder model)
    {
        var answer = model.Entity<IdempotencyRow>();
        answer.ToTable("idempotency_keys");
        answer.HasKey(row => new { row.Principal, row.Key }).HasName(Constraints.IdempotencyKey);
        answer.HasIndex(row => row.ExpiresAt);

        var item = model.Entity<WorkItemRow>();
        item.ToTable("work_items");
        item.HasKey(row => new { row.Kind, row.Key });
        item.HasIndex(row => row.DueAt);

        var setting = model.Entity<SettingRow>();
        setting.ToTable("settings");
        setting.HasKey(row => row.Name);

        var change = model.Entity<FeedRow>();
        change.ToTable("feed");
        change.Property(row => row.Id).ValueGeneratedNever();
        change.HasIndex(row => row.At);

        var counter = model.Entity<CounterRow>();
        counter.ToTable("counters");
        counter.HasKey(row => row.Name);

        var key = model.Entity<ApiKeyRow>();
        key.ToTable("api_keys");
        key.Property(row => row.Id).ValueGeneratedNever();
        key.HasIndex(row => row.Name).IsUnique().HasDatabaseName(Constraints.ApiKeyName);
        key.HasIndex(row => row.Hash).IsUnique();

        var token = model.Entity<ClusterTokenRow>();
        token.ToTable("cluster_tokens");
        token.Property(row => row.Id).ValueGeneratedNever();
        token.HasIndex(row => row.Hash).IsUnique();
        token.HasIndex(row => row.ClusterId);
        token.HasIndex(row => row.ExpiresAt);
        token.HasOne<ClusterRow>().WithMany().HasForeignKey(row => row.ClusterId).OnDelete(DeleteBehavior.Cascade);

        var activity = model.Entity<ClusterActivityRow>();
        activity.ToTable("cluster_activity");
        activity.HasKey(row => row.ClusterId);
        activity.Property(row => row.ClusterId).ValueGeneratedNever();
        activity.HasOne<ClusterRow>().WithMany().HasForeignKey(row => row.ClusterId).OnDelete(DeleteBehavior.Cascade);

        // Without a foreign key: what a cluster cost is told after it has been forgotten.
        var span = model.Entity<UsageSpanRow>();
        span.ToTable("usage_spans");
        span.Property(row => row.Id).ValueGeneratedNever();
        span.HasIndex(row => row.ClusterId).HasFilter("ended_at IS NULL");
        span.HasIndex(row => new { row.EndedAt, row.StartedAt });

        var asked = model.Entity<AuditRow>();
        asked.ToTable("audit");
        asked.Property(row => row.Id).ValueGeneratedNever();
        // The only one: every accepted change pays for it.
        asked.HasIndex(row => new { row.At, row.Id });
    }
}
