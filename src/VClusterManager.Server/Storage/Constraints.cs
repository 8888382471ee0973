namespace VClusterManager.Server.Storage;

/// <summary>The unique constraints that callers tell apart in a <see cref="UniqueViolationException"/>.</summary>
internal static class Constraints
{
    /// <summary>A name is taken in its namespace, among the clusters that are not deleted.</summary>
    public const string ClusterName = "ux_clusters_namespace_name";

    /// <summary>A namespace holds a cluster already: vcluster allows one per namespace.</summary>
    public const string ClusterNamespace = "ux_clusters_namespace";

    /// <summary>The same caller has used this idempotency key already.</summary>
    public const string IdempotencyKey = "pk_idempotency_keys";

    /// <summary>There is an API key of that name already.</summary>
    public const string ApiKeyName = "ux_api_keys_name";

    /// <summary>Two writers took the same number for a line of an operation's log.</summary>
    public const string OperationLogSequence = "pk_operation_log";

    /// <summary>A delivery has come before.</summary>
    public const string WebhookDelivery = "ux_webhook_deliveries_provider_delivery_id";

    /// <summary>Two were the first to hear of a pull request.</summary>
    public const string PullRequest = "pk_pull_requests";
}
