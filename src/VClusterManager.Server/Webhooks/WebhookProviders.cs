namespace VClusterManager.Server.Webhooks;

/// <summary>All providers, in the order in which they were registered.</summary>
internal sealed class WebhookProviders(IEnumerable<IWebhookProvider> providers)
{
    private readonly IWebhookProvider[] _all = [.. providers];

    public IEnumerable<IWebhookProvider> All => _all;

    /// <summary>Whose delivery it is that came to this door.</summary>
    public IWebhookProvider At(string door, HeaderSource headers) =>
        _all.First(provider => provider.Door == door && provider.IsFrom(headers));

    /// <summary><see langword="null"/>: an earlier version knew it.</summary>
    public IWebhookProvider? Named(string name) => Array.Find(_all, provider => provider.Name == name);
}
