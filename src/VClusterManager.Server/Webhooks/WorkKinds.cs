namespace VClusterManager.Server.Webhooks;

/// <summary>The kinds of work items of this room; each enqueues only those below it.</summary>
internal static class WorkKinds
{
    /// <summary>By the id of a delivery: learn what it says.</summary>
    public const string Delivery = "webhook_delivery";

    /// <summary>By the key of a pull request: ask the provider whether it is still open.</summary>
    public const string Check = "pull_request_check";

    /// <summary>By the key of a pull request: see to its cluster.</summary>
    public const string PullRequest = "pull_request";

    /// <summary>By the key of a pull request: tell it how its cluster stands.</summary>
    public const string Feedback = "pull_request_feedback";
}
