using VClusterManager.Server.Configuration.Keys;

namespace VClusterManager.Server.Configuration.Sections;

/// <summary>Who sends deliveries, and whom pull requests are told about it through.</summary>
internal static class ProviderSections
{
    public static readonly KeySection GitHub = new(
        "webhooks.github",
        "Deliveries of GitHub to `/webhooks/github`. With a token, pull requests get a commit status and a comment."
    );

    public static readonly KeySection Bitbucket = new(
        "webhooks.bitbucket",
        "Deliveries of Bitbucket Cloud and Data Center to `/webhooks/bitbucket`. With a token, pull requests get a build "
            + "status and a comment."
    );

    public static readonly KeySection GitLab = new(
        "webhooks.gitlab",
        "Deliveries of GitLab to `/webhooks/gitlab`. With a token, merge requests get a commit status and a note."
    );

    private static readonly Door GitHubDoor = Door.Of(GitHub, "GITHUB_WEBHOOK_SECRET");
    private static readonly Door BitbucketDoor = Door.Of(Bitbucket, "BITBUCKET_WEBHOOK_SECRET");
    private static readonly Door GitLabDoor = Door.Of(GitLab, "GITLAB_WEBHOOK_SECRET");

    private static readonly Key<Uri> GitHubAddress = GitHub.Add(
        Address("api_url", "https://api.github.com", "GitHub's API; of an Enterprise Server `https://HOST/api/v3`.")
    );

    private static readonly Key<string> GitHubToken = GitHub.Add(
        Token(
            "token",
            "A token that may write commit statuses and comments of pull requests: fine-grained with \"Commit statuses\" and "
                + "\"Pull requests\" (read and write), or a classic one with `repo`."
        )
    );

    private static readonly Key<Uri> BitbucketAddress = Bitbucket.Add(
        Address("api_url", "https://api.bitbucket.org/2.0", "The API of Bitbucket Cloud.")
    );

    private static readonly Key<string> BitbucketToken = Bitbucket.Add(
        Token(
            "token",
            "For Bitbucket Cloud: an access token of a repository, project or workspace with `pullrequest:write` and "
                + "`repository`, or, with `user`, an API token."
        )
    );

    private static readonly Key<string> BitbucketUser = Bitbucket.Add(
        new Key<string>(Types.Text("an address or a user name", "^[!-9;-~]{1,200}$", 200))
        {
            Name = "user",
            DefaultWords = "the token is sent by itself",
            Doc = "For Bitbucket Cloud: whose API token it is, by e-mail address.",
        }
    );

    private static readonly Key<Uri> BitbucketServerAddress = Bitbucket.Add(
        Address("server_url", null, "Bitbucket Data Center, such as `https://bitbucket.example.com`.")
    );

    private static readonly Key<string> BitbucketServerToken = Bitbucket.Add(
        Token("server_token", "For Bitbucket Data Center: an HTTP access token with write access to the repositories.")
    );

    private static readonly Key<Uri> GitLabAddress = GitLab.Add(
        Address("api_url", "https://gitlab.com/api/v4", "GitLab's API; of your own server `https://HOST/api/v4`.")
    );

    private static readonly Key<string> GitLabToken = GitLab.Add(
        Token("token", "An access token with the scope `api`: of a project or group, with the role Developer.")
    );

    public static WebhookOptions Read(ConfigurationValues values) =>
        new()
        {
            GitHub = GitHubDoor.Read(values),
            Bitbucket = BitbucketDoor.Read(values),
            GitLab = GitLabDoor.Read(values),
            GitHubApi = Api(values, GitHubAddress, GitHubToken),
            BitbucketApi = Api(values, BitbucketAddress, BitbucketToken, values.Find(BitbucketUser)),
            BitbucketServerApi = Api(values, BitbucketServerAddress, BitbucketServerToken),
            GitLabApi = Api(values, GitLabAddress, GitLabToken),
        };

    private static ProviderApiOptions Api(
        ConfigurationValues values,
        Key<Uri> address,
        Key<string> token,
        string? user = null
    )
    {
        var (known, secret) = (values.Find(address), values.Find(token));
        if (secret is not null && known is null && values.AreValid(address, token))
        {
            values.Fail(token, $"goes with {address.Path}, which is not set: it is not known whom to send it to");
        }

        return new ProviderApiOptions(known is null ? null : WithSlash(known), secret, user);
    }

    /// <summary>Paths are put behind it, and nothing of it is lost.</summary>
    private static Uri WithSlash(Uri address) =>
        address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");

    private static Key<Uri> Address(string name, string? address, string doc) =>
        new(WebAddress.Base)
        {
            Name = name,
            Default = address,
            Doc = doc,
        };

    private static Key<string> Token(string name, string doc) =>
        new(Types.Text("text without spaces", "^[!-~]{1,1000}$", 1000))
        {
            Name = name,
            DefaultWords = "nothing is told",
            Secret = true,
            Doc = doc,
        };

    /// <summary>The keys that all of them have.</summary>
    private sealed record Door(Key<bool> Enabled, Key<string> Secret, Key<IReadOnlyList<string>> Secrets)
    {
        private static readonly KeyType<string> s_secret = Types.Text(
            "text of at most 512 characters, with no space at its ends",
            "^(\\S([^\\r\\n]*\\S)?)?$",
            512
        );

        public static Door Of(KeySection section, string variable) =>
            new(
                section.Add(
                    new Key<bool>(Types.Boolean)
                    {
                        Name = "enabled",
                        Default = "true",
                        Doc =
                            "Whether deliveries are taken. Enabled without a secret, every delivery is answered with 503: none is "
                            + "ever let through.",
                    }
                ),
                section.Add(
                    new Key<string>(s_secret)
                    {
                        Name = "secret",
                        Default = "\"\"",
                        ShortVariable = variable,
                        Secret = true,
                        Doc = "The secret of the webhook, as it was given to the provider: `openssl rand -hex 32`.",
                    }
                ),
                section.Add(
                    new Key<IReadOnlyList<string>>(new ListType<string>("a list of texts", s_secret))
                    {
                        Name = "secrets",
                        Default = "[]",
                        Secret = true,
                        Doc =
                            "Further secrets that are taken as well, for as long as one is being replaced by another.",
                    }
                )
            );

        public WebhookDoorOptions Read(ConfigurationValues values) =>
            new(values.Get(Enabled), [.. values.Get(Secrets).Prepend(values.Get(Secret)).Where(s => s.Length > 0)]);
    }
}
