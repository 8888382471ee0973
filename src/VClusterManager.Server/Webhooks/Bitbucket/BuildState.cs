using VClusterManager.Server.Webhooks.Feedback;

namespace VClusterManager.Server.Webhooks.Bitbucket;

/// <summary>Bitbucket's words for the state of a build, in the cloud and elsewhere.</summary>
internal static class BuildState
{
    /// <summary>Bitbucket Cloud refuses more.</summary>
    private const int LongestKey = 40;

    private const int Told = 23;

    /// <summary>The key that a status goes by: its context, or where that is too long, its beginning and a hash of all of it.</summary>
    public static string KeyOf(string context) =>
        context.Length <= LongestKey
            ? context
            : $"{context[..Told]}-{FeedbackText.HashOf(context)[..(LongestKey - Told - 1)]}";

    public static string Of(CommitState state) =>
        state switch
        {
            CommitState.Success => "SUCCESSFUL",
            CommitState.Failure => "FAILED",
            _ => "INPROGRESS",
        };
}
