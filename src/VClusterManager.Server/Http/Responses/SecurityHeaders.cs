namespace VClusterManager.Server.Http.Responses;

/// <summary>Headers of every answer, also of those that fail.</summary>
internal static class SecurityHeaders
{
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                // When the answer begins: whoever clears it before cannot lose them.
                context.Response.OnStarting(
                    static state =>
                    {
                        Set((HttpResponse)state);
                        return Task.CompletedTask;
                    },
                    context.Response
                );
                return next(context);
            }
        );

    private static void Set(HttpResponse response)
    {
        var headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            // An answer is data: whoever shows it as a page gets one that can do nothing. Pages say what they need.
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        }
        if (headers.CacheControl.Count == 0 && headers.ETag.Count == 0)
        {
            // What it says depends on who asks, and may be a credential.
            headers.CacheControl = "no-store";
        }
        if (response.HttpContext.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }
}
