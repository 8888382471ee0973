using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;

namespace VClusterManager.Server.Webhooks.Feedback;

/// <summary>
/// The API of a provider, as far as pull requests are told something, or asked whether they are open. All addresses come
/// from the configuration; of a pull request only its repository and number, its commit and our comment's id are put into
/// them. What fails, throws <see cref="ProviderException"/>.
/// </summary>
internal interface IPullRequestApi
{
    /// <summary>As its deliveries are called.</summary>
    string Provider { get; }

    ProviderApiOptions Options { get; }

    Task SetStatusAsync(PullRequestRow pull, CommitStatus status, CancellationToken cancellation);

    /// <returns>The id of the comment that holds one of these texts, the oldest; <see langword="null"/>: none does.</returns>
    Task<string?> FindCommentAsync(PullRequestRow pull, IReadOnlyList<string> markers, CancellationToken cancellation);

    /// <returns>Its id.</returns>
    Task<string> CreateCommentAsync(PullRequestRow pull, string text, CancellationToken cancellation);

    /// <returns>False: it is not there any more.</returns>
    Task<bool> UpdateCommentAsync(PullRequestRow pull, string id, string text, CancellationToken cancellation);

    /// <summary>The pull request as it is now.</summary>
    /// <returns><see langword="null"/>: it cannot be seen, which does not say that it is closed.</returns>
    Task<PullRequestFacts?> GetAsync(PullRequestRow pull, CancellationToken cancellation);
}

/// <summary>What a commit is told.</summary>
/// <param name="Context">Ours, so that we change what we have said and nothing else.</param>
internal sealed record CommitStatus(CommitState State, string Context, string Description);

internal enum CommitState
{
    Pending,
    Success,
    Failure,
}

/// <summary>A provider did not do what it was asked for.</summary>
/// <param name="message">Without anything secret: it is logged.</param>
/// <param name="after">When it wants to be asked again; <see langword="null"/>: it does not say.</param>
internal sealed class ProviderException(string message, TimeSpan? after = null, Exception? cause = null)
    : Exception(message, cause)
{
    public TimeSpan? After { get; } = after;

    /// <summary>It would say the same again: there is nothing to be repeated before something has changed.</summary>
    public bool IsFinal { get; init; }

    /// <summary>It would say the same to whoever asks, whatever about.</summary>
    public bool IsForAll { get; init; }

    /// <summary>It is away, is asked too often, or does not know the token.</summary>
    /// <param name="isLimited">It says that it is asked too often, which some do with 403.</param>
    public static bool IsSaidForAll(int status, bool isLimited) =>
        status is 401 or 429 or >= 500 || (status == 403 && isLimited);
}

/// <summary>Those providers that can be told something: a token is configured.</summary>
internal sealed class PullRequestApis(IEnumerable<IPullRequestApi> apis)
{
    private readonly IPullRequestApi[] _all = [.. apis.Where(api => api.Options.IsOn)];

    /// <summary><see langword="null"/>: it is told nothing.</summary>
    public IPullRequestApi? Find(string provider) => Array.Find(_all, api => api.Provider == provider);
}
